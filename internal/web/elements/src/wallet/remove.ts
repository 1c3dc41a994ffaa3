import type { Entry } from '@ingam/wallet'
import { html, type TemplateResult } from 'lit'
import { property } from 'lit/decorators.js'
import { define } from '../base'
import { say } from '../say'
import { Act } from './act'
import { certificateCard, isOver } from './card'
import { openWallet } from './open'
import { go } from './route'

/** Deletes a certificate, after naming what is lost with it. */
class Delete extends Act {
  @property({ attribute: false }) entry!: Entry

  protected override render(): TemplateResult {
    const { entry } = this
    return html`<form class="stack" @submit=${this.submitted}>
      <h2>${say('wallet.delete.title')}</h2>
      ${this.refused()}
      ${certificateCard(entry)}
      <p>${say('wallet.delete.lost')}</p>
      <ul>
        <li>${say('wallet.delete.lost.key')}</li>
        ${isOver(entry) ? '' : html`<li>${say('wallet.delete.lost.use')}</li>`}
        <li>${say('wallet.delete.lost.not')}</li>
      </ul>
      <p><a href="#/c/${entry.id}/export">${say('wallet.delete.export-first')}</a></p>
      <label class="check"><input type="checkbox" name="sure" required> <span>${say('wallet.delete.sure')}</span></label>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${entry.id}">${say('wallet.back')}</a>
        ${this.submit(say('wallet.delete.do'), say('wallet.deleting'), 'danger')}
      </div>
    </form>`
  }

  private submitted(event: SubmitEvent): void {
    event.preventDefault()
    void this.act(say('wallet.deleting'), async () => {
      await (await openWallet()).remove(this.entry.id)
      go('#/', 'deleted')
    })
  }
}

define('ingam-wallet-delete', Delete)
