import { html, type TemplateResult } from 'lit'
import { property } from 'lit/decorators.js'
import { define } from '../base'
import { say } from '../say'
import { Act } from './act'
import { openWallet } from './open'
import { applicationPath, go } from './route'

/** Throws away a key that waits for its certificate, after naming what is lost with it. */
class Discard extends Act {
  @property() application = ''

  protected override render(): TemplateResult {
    return html`<form class="stack" @submit=${this.submitted}>
      <h2>${say('wallet.discard.title')}</h2>
      ${this.refused()}
      <p>${say('wallet.delete.lost')}</p>
      <ul>
        <li>${say('wallet.delete.lost.key')}</li>
        <li>${say('wallet.discard.issued')}</li>
        <li>${say('wallet.discard.open')}</li>
      </ul>
      <p><a href=${applicationPath(this.application)}>${say('wallet.unfinished.go')}</a></p>
      <label class="check"><input type="checkbox" name="sure" required> <span>${say('wallet.delete.sure')}</span></label>
      <div class="actions">
        <a class="btn btn-secondary" href="#/">${say('wallet.back')}</a>
        ${this.submit(say('wallet.discard.do'), say('wallet.deleting'), 'danger')}
      </div>
    </form>`
  }

  private submitted(event: SubmitEvent): void {
    event.preventDefault()
    void this.act(say('wallet.deleting'), async () => {
      await (await openWallet()).discard(this.application)
      go('#/', 'discarded')
    })
  }
}

define('ingam-wallet-discard', Discard)
