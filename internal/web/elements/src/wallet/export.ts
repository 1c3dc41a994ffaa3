import type { Entry } from '@ingam/wallet'
import { html, nothing, type TemplateResult } from 'lit'
import { property, state } from 'lit/decorators.js'
import { define } from '../base'
import { notice } from '../notice'
import { say } from '../say'
import { Act } from './act'
import { ownerOf } from './card'
import { download } from './download'
import { openWallet } from './open'
import { go } from './route'

type Form = 'zip' | 'old-zip' | 'pfx' | 'old-pfx'

/** Takes a certificate with its key out of the wallet, as a file. */
class Export extends Act {
  @property({ attribute: false }) entry!: Entry
  @state() private form: Form = 'zip'

  protected override render(): TemplateResult {
    return html`<form class="stack" @submit=${this.submitted}>
      <h2>${say('wallet.export.title')}</h2>
      ${this.refused()}
      ${this.entry.hasR ? nothing : notice('warning', say('wallet.export.no-r'), say('wallet.export.no-r.do'))}
      <fieldset class="choices">
        <legend>${say('wallet.export.form')}</legend>
        ${this.choice('zip', say('wallet.export.zip'), say('wallet.export.zip.hint'))}
        ${this.choice('pfx', say('wallet.export.pfx'), say('wallet.export.pfx.hint'))}
        ${this.choice('old-zip', say('wallet.export.old'), say('wallet.export.old.hint'))}
        ${this.choice('old-pfx', say('wallet.export.old-pfx'), say('wallet.export.old-pfx.hint'))}
      </fieldset>
      ${this.form.startsWith('old-') ? notice('warning', say('wallet.export.weak'), say('wallet.export.weak.do')) : nothing}
      ${this.passwordField(undefined, say('wallet.export.same-password'))}
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${say('wallet.back')}</a>
        ${this.submit(say('wallet.export.do'), say('wallet.exporting'))}
      </div>
    </form>`
  }

  private choice(form: Form, label: string, hint: string): TemplateResult {
    return html`<label class="choice">
      <input type="radio" name="form" value=${form} .checked=${this.form === form} @change=${() => { this.form = form }}>
      <span><span class="choice-title">${label}</span><span class="choice-text">${hint}</span></span>
    </label>`
  }

  private submitted(event: SubmitEvent): void {
    event.preventDefault()
    const { entry, form } = this
    const compatible = form.startsWith('old-')
    const password = this.take()
    void this.act(say('wallet.exporting'), async () => {
      const wallet = await openWallet()
      if (form.endsWith('pfx')) download(await wallet.exportPfx(entry.id, password, { compatible }), fileName(entry, 'pfx'), 'application/x-pkcs12')
      else download(await wallet.exportZip(entry.id, password, { compatible }), fileName(entry, 'zip'), 'application/zip')
      go(`#/c/${entry.id}`, 'exported')
    })
  }
}

function fileName({ certificate }: Entry, end: string): string {
  const owner = ownerOf(certificate).replace(/[^\p{L}\p{N} .-]/gu, '').trim().slice(0, 60) || 'NPKI'
  return `${owner} ${certificate.notAfter.toISOString().slice(0, 10)}.${end}`
}

define('ingam-wallet-export', Export)
