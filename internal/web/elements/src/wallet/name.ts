import type { Entry } from '@ingam/wallet'
import { html, type TemplateResult } from 'lit'
import { property } from 'lit/decorators.js'
import { define } from '../base'
import { say } from '../say'
import { Act } from './act'
import { openWallet } from './open'
import { go } from './route'

/** Gives a certificate another label. The certificate itself stays as it is. */
class Name extends Act {
  @property({ attribute: false }) entry!: Entry

  protected override render(): TemplateResult {
    return html`<form class="stack" @submit=${this.submitted}>
      <h2>${say('wallet.name.title')}</h2>
      ${this.refused()}
      <div class="field">
        <label for="name">${say('wallet.name.label')}</label>
        <input id="name" name="name" maxlength="100" autocomplete="off" required .value=${this.entry.name} aria-describedby="name-hint">
        <p class="hint" id="name-hint">${say('wallet.name.only-here')}</p>
      </div>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${say('wallet.back')}</a>
        ${this.submit(say('wallet.save'), say('wallet.saving'))}
      </div>
    </form>`
  }

  private submitted(event: SubmitEvent): void {
    event.preventDefault()
    void this.act(say('wallet.saving'), async () => {
      await (await openWallet()).rename(this.entry.id, this.take('name'))
      go(`#/c/${this.entry.id}`, 'named')
    })
  }
}

define('ingam-wallet-name', Name)
