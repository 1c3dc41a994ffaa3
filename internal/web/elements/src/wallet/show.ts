import type { Entry } from '@ingam/wallet'
import { html, nothing, type TemplateResult } from 'lit'
import { until as later } from 'lit/directives/until.js'
import { notice } from '../notice'
import { say, sayClock, sayTime } from '../say'
import { certificateCard, isOver, ownerOf, shownState } from './card'
import './keep'

/** One certificate: its card, what can be done with it, its facts. */
export function show(entry: Entry): TemplateResult {
  return html`
    <p><a href="#/">${say('wallet.to-list')}</a></p>
    <h2>${entry.name}</h2>
    ${advice(entry)}
    ${certificateCard(entry)}
    ${choices(entry)}
    ${facts(entry)}`
}

function advice(entry: Entry): TemplateResult | typeof nothing {
  if (entry.temporary) {
    return notice('info', say('wallet.temporary'), say('wallet.temporary.do'), {
      actions: html`<ingam-wallet-keep .entry=${entry}></ingam-wallet-keep>`,
    })
  }
  switch (shownState(entry)) {
    case 'replaced':
      return notice('info', say('wallet.replaced'), say('wallet.replaced.do'), {
        actions: html`<p><a class="btn btn-secondary" href="#/c/${entry.replacedBy}">${say('wallet.replaced.by')}</a></p>`,
      })
    case 'expired': return notice('warning', say('wallet.expired'), say('wallet.expired.do'), { actions: wayOn(entry) })
    case 'expiring': return notice('warning', say('wallet.expiring'), say('wallet.expiring.do'), { actions: wayOn(entry) })
  }
  if (entry.lockedUntil) return notice('warning', say('el.w.locked'), say('el.w.locked.do', { until: sayClock(entry.lockedUntil) }))
  if (entry.encryption.weak) return notice('info', say('wallet.weak'), say('wallet.weak.do'))
  return nothing
}

/** Who issued it here can say what to do; for others' certificates that is their issuer. */
function wayOn({ source }: Entry): TemplateResult | typeof nothing {
  return source === 'issued' ? html`<p><a class="btn btn-secondary" href="/advice">${say('wallet.advice')}</a></p>` : nothing
}

function choices(entry: Entry): TemplateResult {
  const { id } = entry
  const row = (href: string, label: string, hint: string) =>
    html`<li><a class="row" href=${href}><span class="row-body"><span class="row-title">${label}</span><span class="row-text">${hint}</span></span></a></li>`
  return html`<ul class="list">
    ${isOver(entry) ? nothing : row(`/sign#${id}`, say('wallet.sign'), say('wallet.sign.hint'))}
    ${row(`#/c/${id}/export`, say('wallet.export'), say('wallet.export.hint'))}
    ${row(`#/c/${id}/password`, say('wallet.password'), say('wallet.password.hint'))}
    ${row(`#/c/${id}/name`, say('wallet.name'), say('wallet.name.hint'))}
    ${row(`#/c/${id}/delete`, say('wallet.delete'), say('wallet.delete.hint'))}
  </ul>`
}

function facts(entry: Entry): TemplateResult {
  const c = entry.certificate
  const row = (name: string, value: unknown) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`
  return html`<details class="more">
    <summary>${say('wallet.facts')}</summary>
    <dl class="facts">
      ${row(say('wallet.fact.owner'), ownerOf(c))}
      ${row(say('wallet.fact.name'), c.subject)}
      ${row(say('wallet.fact.issuer'), c.issuer)}
      ${row(say('wallet.fact.from'), sayTime(c.notBefore))}
      ${row(say('wallet.fact.to'), sayTime(c.notAfter))}
      ${row(say('wallet.fact.serial'), html`<span class="fingerprint">${c.serial}</span>`)}
      ${row(say('wallet.fact.fingerprint'), later(fingerprint(entry), '…'))}
      ${row(say('wallet.fact.added'), entry.source === 'issued' ? say('wallet.fact.issued-here', { time: sayTime(entry.addedAt) }) : say('wallet.fact.imported', { time: sayTime(entry.addedAt) }))}
      ${row(say('wallet.fact.sealed'), say('wallet.fact.sealed.how', { scheme: scheme(entry), rounds: entry.encryption.iterations.toLocaleString('en') }))}
      ${row(say('wallet.fact.r'), entry.hasR ? say('wallet.fact.r.yes') : say('wallet.fact.r.no'))}
    </dl>
    <p class="hint">${say('wallet.offline-state')}</p>
  </details>`
}

async function fingerprint({ certificate }: Entry): Promise<TemplateResult> {
  const text = await certificate.fingerprint()
  return html`<ingam-copy label=${say('wallet.fact.fingerprint')}><span class="fingerprint">${text.match(/.{1,4}/g)?.join(' ')}</span></ingam-copy>`
}

function scheme({ encryption }: Entry): string {
  switch (encryption.scheme) {
    case 'pbes2-aes256': return 'AES-256'
    case 'pbes2-aes128': return 'AES-128'
    default: return 'SEED'
  }
}
