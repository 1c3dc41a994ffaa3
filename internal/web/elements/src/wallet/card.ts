import type { Certificate, Entry } from '@ingam/wallet'
import { html, nothing, type TemplateResult } from 'lit'
import { bankNow } from '../clock'
import { say, sayDate } from '../say'

/** What a certificate's own dates say. That it was revoked or suspended only the service knows. */
export type State = 'future' | 'valid' | 'expiring' | 'expired'

const DAY = 86_400_000
const SOON = 30 * DAY
const SKEW = 3_600_000 // a device's clock may be behind: what was issued a minute ago has begun

export function stateOf({ notBefore, notAfter }: Certificate, now = bankNow()): State {
  if (now < notBefore.getTime() - SKEW) return 'future'
  if (now > notAfter.getTime()) return 'expired'
  return notAfter.getTime() - now <= SOON ? 'expiring' : 'valid'
}

/** What a card shows: an entry, or a certificate that is no entry yet. */
export type Shown = Pick<Entry, 'certificate' | 'replacedBy'>

/** The state of an entry: one that another took the place of was revoked, whatever its dates say. */
export function shownState({ certificate, replacedBy }: Shown): State | 'replaced' {
  return replacedBy ? 'replaced' : stateOf(certificate)
}

/** Whole days left, as a person counts: the last day itself is day 0. */
export function daysLeft({ notAfter }: Certificate, now = bankNow()): number {
  return Math.max(0, Math.floor((notAfter.getTime() - now) / DAY))
}

// Policies by the arcs whose numbers are known, and ours for examples.
const arcs = ['1.2.410.200005.1.1.', '2.999.410.1.1.']
const kinds: Readonly<Record<string, string>> = {
  '1': 'personal-general',
  '2': 'corporate-bank',
  '4': 'personal-bank',
  '5': 'corporate-general',
  '6.2': 'personal-card',
  '6.8': 'tax-invoice',
}

/** The kind in words; of a CA whose numbers are not known just "joint certificate". */
export function kindOf({ policies }: Certificate): string {
  for (const policy of policies) {
    const arc = arcs.find((a) => policy.startsWith(a))
    switch (arc && kinds[policy.slice(arc.length)]) {
      case 'personal-general': return say('el.keep.kind.personal-general')
      case 'corporate-bank': return say('el.keep.kind.corporate-bank')
      case 'personal-bank': return say('el.keep.kind.personal-bank')
      case 'corporate-general': return say('el.keep.kind.corporate-general')
      case 'personal-card': return say('el.keep.kind.personal-card')
      case 'tax-invoice': return say('el.keep.kind.tax-invoice')
    }
  }
  return say('el.keep.kind.other')
}

/** The state as word, shape and colour. */
export function badge(shown: Shown): TemplateResult {
  switch (shownState(shown)) {
    case 'replaced': return html`<span class="badge badge-revoked">${say('el.keep.state.replaced')}</span>`
    case 'future': return html`<span class="badge badge-held">${say('el.keep.state.future')}</span>`
    case 'valid': return html`<span class="badge badge-valid">${say('el.keep.state.valid')}</span>`
    case 'expiring': return html`<span class="badge badge-expiring">${say('el.keep.state.expiring')}</span>`
    case 'expired': return html`<span class="badge badge-expired">${say('el.keep.state.expired')}</span>`
  }
}

/** Whether it can be used no more. */
export function isOver(shown: Shown): boolean {
  const state = shownState(shown)
  return state === 'expired' || state === 'replaced'
}

/** The year (or whatever it lasts) as a bar with today on it. The words beside it say the same. */
function year({ notBefore, notAfter }: Certificate): TemplateResult {
  const whole = notAfter.getTime() - notBefore.getTime()
  const gone = Math.round(Math.min(1, Math.max(0, (bankNow() - notBefore.getTime()) / whole)) * 1000) / 10
  return html`<svg class="cert-year" aria-hidden="true">
    <rect class="cert-year-track" x="0" y="8" width="100%" height="4" rx="2"/>
    <rect class="cert-year-gone" x="0" y="8" width="${gone}%" height="4" rx="2"/>
    <circle class="cert-year-today" cx="${gone}%" cy="10" r="6"/>
  </svg>`
}

/** When it ends, in words. */
export function until(shown: Shown): string {
  const { certificate } = shown
  const day = sayDate(certificate.notAfter)
  switch (shownState(shown)) {
    case 'replaced': return say('el.keep.until.replaced')
    case 'expired': return say('el.keep.until.past', { day })
    case 'future': return say('el.keep.until.future', { day: sayDate(certificate.notBefore) })
    default: return say('el.keep.until', { day, days: daysLeft(certificate) })
  }
}

/** Who it is for, as far as it can be shown: without what turns or breaks a line, and not endless. */
export function ownerOf({ owner, cn }: Certificate): string {
  return [...(owner || cn).replace(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, '')].slice(0, 100).join('')
}

/** A certificate as a card; the whole card is the link, if it is one. */
export function certificateCard(entry: Entry, link?: string): TemplateResult {
  const { certificate, name, ca, temporary } = entry
  const owner = ownerOf(certificate)
  const body = html`
    <div class="cert-head"><span class="cert-kind">${kindOf(certificate)}</span>${badge(entry)}</div>
    <p class="cert-owner">${name}</p>
    <p class="cert-bank">${name === owner ? nothing : html`${owner} · `}${ca}${temporary ? html` · ${say('el.keep.temporary')}` : nothing}</p>
    ${year(certificate)}
    <div class="cert-dates"><span>${sayDate(certificate.notBefore)}</span><span>${sayDate(certificate.notAfter)}</span></div>
    <p class="cert-left">${until(entry)}</p>`
  const over = isOver(entry) ? 'cert cert-over' : 'cert'
  return link ? html`<a class=${over} href=${link}>${body}</a>` : html`<div class=${over}>${body}</div>`
}
