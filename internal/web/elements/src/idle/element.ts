import { html, nothing, type TemplateResult } from 'lit'
import { api, connect, HEARD, here, problem, type Api, type Problem } from '../api'
import { announce, Base, define, openDialog } from '../base'
import { notice } from '../notice'
import { say, sayLeft } from '../say'
import { IdleClock } from './clock'

const NAME = 'ingam-idle'

/**
 * Warns before the session ends because nothing is done, lets it go on, and
 * leaves when it has ended. What is done in one tab counts for all.
 * `seconds`: how long the service waits. `at`: which part of the site the session
 * belongs to, such as /console; empty for customers.
 */
export class IdleElement extends Base {
  static override properties = {
    seconds: { type: Number },
    at: {},
    left: { state: true },
    problem: { state: true },
    open: { type: Boolean },
  }

  declare seconds: number
  declare at: string
  declare left: number
  declare problem: Problem | undefined
  /** Shows the warning at once, with the whole time left: for the gallery. */
  declare open: boolean
  #clock: IdleClock | undefined
  #channel: BroadcastChannel | undefined
  #timer = 0
  #api: Api = api

  constructor() {
    super()
    this.seconds = this.left = 0
    this.at = ''
    this.open = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.at) this.#api = connect(here(`${this.at}/login`), this.at)
    if (this.open) return void this.#warn(90)
    if (!(this.seconds > 0)) return
    this.#clock = new IdleClock(this.seconds * 1000, loaded())
    this.#tell(loaded())
    this.#channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(NAME + this.at) : undefined
    this.#channel?.addEventListener('message', this.#told)
    document.addEventListener(HEARD, this.#heard)
    document.addEventListener('visibilitychange', this.#look)
    addEventListener('pageshow', this.#shown)
    for (const type of ['keydown', 'pointerdown', 'input']) document.addEventListener(type, this.#active, { passive: true })
    this.#look()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.#timer)
    this.#channel?.close()
    document.removeEventListener(HEARD, this.#heard)
    document.removeEventListener('visibilitychange', this.#look)
    removeEventListener('pageshow', this.#shown)
    for (const type of ['keydown', 'pointerdown', 'input']) document.removeEventListener(type, this.#active)
  }

  protected override render(): TemplateResult {
    return html`<dialog class="dialog" aria-labelledby="idle-title" aria-describedby="idle-text" @cancel=${this.#cancel}>
      <h2 id="idle-title">${say('el.idle.title')}</h2>
      <p id="idle-text">${say('el.idle.text')}</p>
      <p class="countdown" role="timer" aria-live="off">${sayLeft(this.left)}</p>
      ${this.problem ? notice('danger', this.problem.title, this.problem.detail, { code: this.problem.code }) : nothing}
      <form class="actions" method="post" action=${`${this.at}/logout`}>
        <button class="btn btn-secondary" id="idle-log-out">${say('el.idle.log-out')}</button>
        <button type="button" class="btn btn-primary" id="idle-go-on" autofocus @click=${this.#goOn}>${say('el.idle.go-on')}</button>
      </form>
    </dialog>`
  }

  /** Looks at the clock, and sleeps until it has to again. */
  #look = (): void => {
    if (!this.#clock) return
    clearTimeout(this.#timer)
    this.#clock.heard(this.#stored()) // a tab that was frozen missed what others told
    const act = this.#clock.at(Date.now())
    if (act.do === 'end') return void this.#end()
    if (act.do === 'warn') {
      this.#warn(act.left)
      if (act.say) announce(say('el.idle.left', { n: act.say }))
    } else this.#calm()
    this.#timer = setTimeout(this.#look, act.do === 'wait' ? Math.min(act.ms, 2 ** 31 - 1) : 1000)
  }

  async #warn(left: number): Promise<void> {
    this.left = left
    await this.updateComplete
    const dialog = this.querySelector('dialog')
    if (dialog && !dialog.open) openDialog(dialog)
  }

  #calm(): void {
    this.problem = undefined
    const dialog = this.querySelector('dialog')
    if (dialog?.open) dialog.close()
  }

  #cancel = (e: Event): void => {
    e.preventDefault() // Escape means "I am here", as the first button
    void this.#goOn()
  }

  #goOn = async (): Promise<void> => {
    this.problem = undefined
    try {
      await this.#api.get('/session')
    } catch (e) {
      this.problem = problem(e)
    }
  }

  #heard = (): void => {
    const now = Date.now()
    this.#clock?.heard(now)
    this.#tell(now)
    this.#channel?.postMessage(now)
    this.#look()
  }

  #told = (e: MessageEvent<unknown>): void => {
    if (e.data === 'ended') return void (this.#clock && this.#end())
    if (typeof e.data === 'number' && e.data <= Date.now()) this.#clock?.heard(e.data)
    this.#look()
  }

  /** One who types for long must not lose the session meanwhile. */
  #active = (): void => {
    if (!this.#clock?.due(Date.now())) return
    this.#clock.heard(Date.now()) // once, also while the call is on its way
    this.#api.get('/session').catch(() => undefined)
  }

  /** A page that Back brings out of the cache may belong to a session that is over. */
  #shown = (e: PageTransitionEvent): void => {
    if (!e.persisted) return
    this.#look()
    this.#api.get('/session').catch(() => undefined) // a 401 leads to the login
  }

  #tell(at: number): void {
    try {
      if (at > this.#stored()) localStorage.setItem(NAME + this.at, String(at))
    } catch {
      // without storage tabs still tell each other while they run
    }
  }

  #stored(): number {
    try {
      const at = Number(localStorage.getItem(NAME + this.at))
      return at > 0 && at <= Date.now() ? at : 0
    } catch {
      return 0
    }
  }

  /** The service has forgotten the session by now; should its clock be behind, it is told. */
  async #end(): Promise<void> {
    this.#channel?.postMessage('ended')
    this.#clear()
    await this.#api.remove('/session', { anonymous: true, again: false, timeout: 10_000 }).catch(() => undefined)
    location.replace(`${this.at}/login?ended=idle${back(location.pathname)}`)
  }

  /** Nothing personal stays on the screen while the next page is on its way. */
  #clear(): void {
    this.#clock = undefined
    clearTimeout(this.#timer)
    document.removeEventListener(HEARD, this.#heard)
    document.title = 'ingam'
    document.body.replaceChildren()
  }
}

/** So that who logs in again comes back to the page, and to an application's step. */
function back(here: string): string {
  return here === '/' ? '' : `&next=${encodeURIComponent(here)}`
}

/** When this page's answer came: the service has not heard of the session since. */
function loaded(): number {
  return Math.min(Date.now(), Math.round(performance.timeOrigin + performance.now()))
}

define('ingam-idle', IdleElement)
