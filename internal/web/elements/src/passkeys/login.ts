import { html, nothing, type TemplateResult } from 'lit'
import type { Problem } from '../api'
import { Base, define } from '../base'
import { inside } from '../inside'
import { notice } from '../notice'
import { say } from '../say'
import { logIn, passkeyWorld, type PasskeyWorld } from './ceremony'
import { hindranceNotice, passkeyProblem } from './words'

/**
 * A button that logs in with a passkey; no id has to be typed. `next`: where to
 * go afterwards. `at`: where the service takes it. `main`: it is the page's first
 * button. `data-state`: idle, busy, failed, blocked.
 */
export class PasskeyLogin extends Base {
  static override properties = {
    next: {},
    at: {},
    main: { type: Boolean },
    world: { attribute: false },
    busy: { state: true },
    problem: { state: true },
  }

  declare next: string
  declare at: string
  declare main: boolean
  declare world: PasskeyWorld
  declare busy: boolean
  declare problem: Problem | undefined

  constructor() {
    super()
    this.next = '/'
    this.at = '/session/passkey'
    this.world = passkeyWorld
    this.busy = this.main = false
  }

  protected override render(): TemplateResult {
    const blocked = this.world.hindrance
    this.dataset['state'] = blocked ? 'blocked' : this.busy ? 'busy' : this.problem ? 'failed' : 'idle'
    if (blocked) return hindranceNotice(blocked)
    const p = this.problem
    return html`${p ? notice('danger', p.title, p.detail, { code: p.code }) : nothing}
      <button type="button" class=${`btn ${this.main ? 'btn-primary' : 'btn-secondary'}`} id="passkey-login" aria-busy=${this.busy ? 'true' : 'false'}
        aria-disabled=${this.busy ? 'true' : 'false'} @click=${this.#logIn}>${this.busy ? say('el.passkey.asking') : say('el.passkey.login')}</button>`
  }

  #logIn = async (): Promise<void> => {
    if (this.busy) return
    this.busy = true
    this.problem = undefined
    try {
      await logIn(this.world, this.at)
      this.world.go(inside(this.next))
    } catch (e) {
      this.problem = passkeyProblem(e)
      await this.focusOn('.notice-danger')
    } finally {
      this.busy = false
    }
  }
}

define('ingam-passkey-login', PasskeyLogin)
