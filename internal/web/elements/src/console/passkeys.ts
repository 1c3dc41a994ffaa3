import { html, nothing, type TemplateResult } from 'lit'
import { connect, here, type Problem } from '../api'
import { Base, define } from '../base'
import { fieldError, notice } from '../notice'
import { add, passkeyWorld, type PasskeyWorld } from '../passkeys/ceremony'
import { PasskeyLogin } from '../passkeys/login'
import { hindranceNotice, passkeyProblem } from '../passkeys/words'
import { say } from '../say'

/** This browser and the console. */
export const staffWorld: PasskeyWorld = { ...passkeyWorld, api: connect(here('/console/login'), '/console') }

/** The button of the staff's login: PasskeyLogin at the console. */
class StaffLogin extends PasskeyLogin {
  constructor() {
    super()
    this.world = staffWorld
    this.next = '/console'
    this.at = '/login/passkey'
    this.main = true
  }
}

/**
 * Adds a passkey of one's own under a name; the page comes anew and lists it.
 * `next`: where to go then. `data-state`: idle, busy, failed, blocked.
 */
export class StaffPasskey extends Base {
  static override properties = {
    next: {},
    world: { attribute: false },
    busy: { state: true },
    problem: { state: true },
    wrong: { state: true },
  }

  declare next: string
  declare world: PasskeyWorld
  declare busy: boolean
  declare problem: Problem | undefined
  declare wrong: string

  constructor() {
    super()
    this.next = '/console/account?added'
    this.world = staffWorld
    this.busy = false
    this.wrong = ''
  }

  protected override render(): TemplateResult {
    const blocked = this.world.hindrance
    this.dataset['state'] = blocked ? 'blocked' : this.busy ? 'busy' : this.problem ? 'failed' : 'idle'
    if (blocked) return hindranceNotice(blocked)
    const p = this.problem
    return html`${p ? notice('danger', p.title, p.detail, { code: p.code }) : nothing}
      <form novalidate class="stack" @submit=${this.#add}>
        <div class="field">
          <label for="passkey-name">${say('c.passkey.name')}</label>
          <input id="passkey-name" type="text" maxlength="40" autocomplete="off" aria-invalid=${this.wrong ? 'true' : 'false'}
            aria-describedby=${this.wrong ? 'passkey-name-hint passkey-name-error' : 'passkey-name-hint'} />
          <p class="hint" id="passkey-name-hint">${say('c.passkey.name.hint')}</p>
          ${this.wrong ? fieldError('passkey-name-error', this.wrong) : nothing}
        </div>
        <div class="row-actions"><button class="btn btn-primary" type="submit" aria-busy=${this.busy ? 'true' : 'false'}
          aria-disabled=${this.busy ? 'true' : 'false'}>${this.busy ? say('el.passkey.asking') : say('c.passkey.add')}</button></div>
      </form>`
  }

  #add = async (e: Event): Promise<void> => {
    e.preventDefault()
    const name = this.querySelector<HTMLInputElement>('#passkey-name')?.value.trim() ?? ''
    this.wrong = name ? '' : say('c.passkey.name.empty')
    if (!name) return this.focusOn('#passkey-name')
    if (this.busy) return
    this.busy = true
    this.problem = undefined
    try {
      await add(this.world, name, '/account/passkeys')
      this.world.go(this.next)
    } catch (e) {
      this.problem = passkeyProblem(e)
      await this.focusOn('.notice-danger')
    } finally {
      this.busy = false
    }
  }
}

define('ingam-staff-login', StaffLogin)
define('ingam-staff-passkey', StaffPasskey)
