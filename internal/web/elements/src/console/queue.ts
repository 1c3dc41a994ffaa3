// Lists and cases that change while one looks: the counts beside the links are
// set, and what is new is offered as a button. Rows never move by themselves.
import { announce } from '../base'
import { say } from '../say'
import { ask, browser, type Source } from './ask'
import { fresh } from './lists'

interface Counts { counts: Record<string, number>; revision: string }
interface List { ids: string[] }
interface Standing { state: string; word: string; revision: number; codes?: string; codesWord?: string }

function offer(text: string): void {
  const news = document.querySelector<HTMLElement>('[data-news]')
  const place = news?.querySelector('[data-news-text]')
  if (!news || !place || (place.textContent === text && !news.hidden)) return
  place.textContent = text
  news.hidden = false
  announce(text)
}

const withdraw = (): void => {
  const news = document.querySelector<HTMLElement>('[data-news]')
  if (news) news.hidden = true
}

function failed(is: boolean): void {
  document.body.toggleAttribute('data-stale', is)
  if (is) announce(say('b.news.offline'))
}

function count(counts: Record<string, number>): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-count]')) {
    const n = counts[place.dataset.count!]
    if (n !== undefined) place.textContent = String(n)
  }
}

/** Watches the queues, and the list that the page shows. */
export function watchQueue(source: Source = browser): void {
  const list = document.querySelector<HTMLElement>('[data-queue]')
  const shown = list?.dataset.ids?.split(' ').filter(Boolean) ?? []
  let revision = list?.dataset.revision
  void ask('/console/queue.json', async (answer) => {
    const { counts, revision: now } = answer as Counts
    count(counts)
    if (!list || now === revision) return
    const got = await source.get('/console/queue.json?list=' + encodeURIComponent(list.dataset.queue!))
    if (!got.ok) throw new Error(String(got.status))
    revision = now
    const { ids } = (await got.json()) as List
    const n = fresh(ids, shown)
    if (n) offer(say('b.news.queue', { n }))
    else offer(say('b.news.changed'))
  }, failed, source)
}

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

for (const button of document.querySelectorAll('[data-news-load]')) button.addEventListener('click', () => location.assign(location.pathname + location.search))
const page = document.querySelector<HTMLElement>('[data-case]')
if (page) watchCase(page)
if (document.querySelector('[data-count]')) watchQueue()
