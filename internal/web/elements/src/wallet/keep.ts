import type { Entry } from '@ingam/wallet'
import { html, type TemplateResult } from 'lit'
import { property } from 'lit/decorators.js'
import { define } from '../base'
import { say } from '../say'
import { Act } from './act'
import { openWallet } from './open'
import { go } from './route'

/** Keeps a certificate that was meant to leave. */
class Keep extends Act {
  @property({ attribute: false }) entry!: Entry

  protected override render(): TemplateResult {
    return html`${this.refused()}
      <p><button class="btn btn-secondary" type="button" ?disabled=${this.busy} @click=${this.keep}>${say('wallet.keep')}</button></p>`
  }

  private keep(): void {
    void this.act(say('wallet.saving'), async () => {
      await (await openWallet()).keep(this.entry.id)
      go(`#/c/${this.entry.id}`, 'kept')
    })
  }
}

define('ingam-wallet-keep', Keep)
