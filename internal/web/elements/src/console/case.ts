// The case that the page shows: its state is set as it changes, the rest is offered.
import { say } from '../say'
import { ask, browser, type Source } from './ask'
import { failed, offer, withdraw } from './news'

interface Standing { state: string; word: string; revision: number; codes?: string; codesWord?: string }

/** Watches the case that the page shows: its state is set, the rest is offered. */
export function watchCase(page: HTMLElement, source: Source = browser): void {
  void ask(page.dataset.case!, (answer) => {
    const now = answer as Standing
    const changed = now.state !== page.dataset.state || String(now.revision) !== page.dataset.revision || (now.codes ?? '') !== (page.dataset.codes ?? '')
    if (!changed) return withdraw()
    const badge = page.querySelector('[data-badge] .badge')
    if (badge && now.state !== page.dataset.state) {
      badge.className = 'badge badge-' + now.state
      badge.textContent = now.word
    }
    const codes = page.querySelector('[data-codes-state]')
    if (codes && now.codesWord) codes.textContent = now.codesWord
    offer(say('b.news.case', { state: now.state === page.dataset.state && now.codesWord ? now.codesWord : now.word }))
  }, failed, source)
}

const page = document.querySelector<HTMLElement>('[data-case]')
if (page) watchCase(page)
