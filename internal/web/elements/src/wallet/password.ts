import { passwordProblems, type Entry } from '@ingam/wallet'
import { html, type TemplateResult } from 'lit'
import { property } from 'lit/decorators.js'
import { define } from '../base'
import '../new-password'
import type { NewPassword } from '../new-password'
import { say } from '../say'
import { Act } from './act'
import { openWallet } from './open'
import { go } from './route'

/** Changes the password of a key in this wallet. Copies elsewhere keep theirs. */
class Password extends Act {
  @property({ attribute: false }) entry!: Entry

  protected override render(): TemplateResult {
    return html`<form class="stack" novalidate @submit=${this.submitted}>
      <h2>${say('wallet.password.title')}</h2>
      ${this.refused()}
      <input type="hidden" autocomplete="username" .value=${this.entry.name}>
      ${this.passwordField(say('wallet.password.old'))}
      <ingam-new-password .rules=${passwordProblems}></ingam-new-password>
      <p class="hint">${say('wallet.password.copies')}</p>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${say('wallet.back')}</a>
        ${this.submit(say('wallet.password.do'), say('wallet.password.doing'))}
      </div>
    </form>`
  }

  private async submitted(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const old = this.querySelector<HTMLInputElement>('input[name="password"]')
    if (!old?.reportValidity()) return
    const fields = this.querySelector<NewPassword>('ingam-new-password')
    const next = await fields?.check()
    if (!next) return
    await this.act(say('wallet.password.doing'), async () => {
      await (await openWallet()).changePassword(this.entry.id, this.take(), next)
      fields?.clear()
      go(`#/c/${this.entry.id}`, 'password')
    })
  }
}

define('ingam-wallet-password', Password)
