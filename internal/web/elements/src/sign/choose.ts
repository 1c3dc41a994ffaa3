import type { Entry } from '@ingam/wallet'
import { html, nothing, type TemplateResult } from 'lit'
import { notice } from '../notice'
import { say, sayTime } from '../say'
import { badge, kindOf, shownState, until } from '../wallet/card'

/** Certificates to choose one from, as cards with a radio button. */
export function chooser(entries: Entry[], chosen: string | undefined, choose: (id: string) => void): TemplateResult {
  const order = [...entries].sort((a, b) => Number(usable(b)) - Number(usable(a)))
  const known = order.findIndex(({ id }) => id === chosen)
  const shown = order.length > MANY ? Math.max(MANY - 1, known + 1) : order.length
  const rest = order.slice(shown)
  return html`<fieldset class="choices">
    <legend>${say('el.keep.choose')}</legend>
    ${order.slice(0, shown).map((entry) => choice(entry, chosen, choose))}
    ${rest.length
      ? html`<details class="more"><summary>${say('el.keep.more', { n: rest.length })}</summary>
          <div class="choices">${rest.map((entry) => choice(entry, chosen, choose))}</div></details>`
      : nothing}
  </fieldset>`
}

const MANY = 5 // more than these are folded away

function choice(entry: Entry, chosen: string | undefined, choose: (id: string) => void): TemplateResult {
  return html`<label class="choice">
      <input type="radio" name="certificate" value=${entry.id} required .checked=${entry.id === chosen} @change=${() => choose(entry.id)}>
      <span><span class="choice-title">${entry.name} ${badge(entry)}</span>
        <span class="choice-text">${kindOf(entry.certificate)} · ${entry.ca} · ${until(entry)}</span></span>
    </label>`
}

/** The one to begin with: asked for, or the only one, or the newest that can be used. */
export function firstChoice(entries: Entry[], asked?: string): string | undefined {
  return (entries.find(({ id }) => id === asked) ?? entries.find((e) => usable(e)) ?? entries[0])?.id
}

/** Whether a signature made now would count, as far as the certificate itself tells. */
export function usable(entry: Entry): boolean {
  const state = shownState(entry)
  return state === 'valid' || state === 'expiring'
}

/** Why a certificate can't be used now, and the way out; undefined when it can. */
export function obstacle(entry: Entry): TemplateResult | undefined {
  const state = shownState(entry)
  if (state === 'replaced') return notice('danger', say('el.keep.replaced'), say('el.keep.replaced.do'))
  if (state === 'expired') {
    return notice('danger', say('el.w.expired'), say('el.w.expired.do'), {
      actions: html`<p><a class="btn btn-secondary" href="/apply">${say('el.keep.issue')}</a></p>`,
    })
  }
  if (state === 'future') return notice('danger', say('el.keep.future'), say('el.keep.future.do', { time: sayTime(entry.certificate.notBefore) }))
  return undefined
}

/** Nothing to choose from: how one comes to have something. */
export function nothingHere(): TemplateResult {
  return html`<div class="empty">
    <h2>${say('el.keep.none')}</h2>
    <p>${say('el.keep.none.do')}</p>
    <div class="row-actions">
      <a class="btn btn-primary" href="/wallet#/add">${say('el.keep.import')}</a>
      <a class="btn btn-secondary" href="/apply">${say('el.keep.issue')}</a>
    </div>
  </div>`
}
