import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { announce, Base, define } from '../base'
import { NewPassword } from '../new-password'
import { notice } from '../notice'
import { passwordField } from '../one-password'
import type { Problem } from '../problem'
import { say } from '../say'
import '../wallet/add'
import { world, type World } from '../world'
import { Issue, type Medium, type State } from './flow'
import { progress, sayPhase } from './progress'

/**
 * Step 4 of the way: medium and password; then key, request and certificate.
 * With `renews` (a serial) it is a renewal: that certificate has to be here,
 * and its key signs the request. `data-state` says how it stands: opening, idle,
 * resume, missing, waiting, making, sending, storing, failed, ended, elsewhere,
 * blocked, done.
 */
export class IssueElement extends Base {
  static override properties = {
    application: {},
    ca: {},
    back: {},
    renews: {},
    reissue: {},
    codes: { type: Boolean },
    world: { attribute: false },
    state: { state: true },
    shown: { state: true },
    medium: { state: true },
    wrong: { state: true },
    oldShown: { state: true },
    oldWrong: { state: true },
    dropping: { state: true },
  }

  declare application: string
  declare ca: string
  /** The page of the step before. */
  declare back: string
  /** The serial of the certificate to be renewed. */
  declare renews: string
  /** The page for those who have it no more. */
  declare reissue: string
  /** Codes of a branch opened the page: nobody is logged in. */
  declare codes: boolean
  declare world: World
  declare state: State
  declare shown: boolean
  declare medium: Medium
  declare wrong: string
  declare oldShown: boolean
  declare oldWrong: string
  declare dropping: boolean
  #issue: Issue | undefined
  #heard = ''

  constructor() {
    super()
    this.application = this.ca = this.back = this.renews = this.reissue = this.wrong = this.oldWrong = ''
    this.world = world
    this.state = { at: 'opening' }
    this.medium = 'browser'
    this.shown = this.oldShown = this.dropping = this.codes = false
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has('application') && !changed.has('world')) return
    const issue = new Issue(this.world, this.application, this.ca, () => this.#turn(issue), this.renews, this.codes)
    this.#issue = issue
    void issue.open()
  }

  #turn(issue: Issue): void {
    if (issue !== this.#issue) return
    const before = this.state.at
    this.state = issue.state
    this.dataset['state'] = issue.state.at
    const phase = sayPhase(issue.state)
    if (phase && phase !== this.#heard) announce(phase)
    this.#heard = phase
    if (before === issue.state.at) return
    this.wrong = this.oldWrong = ''
    this.dropping = false
    if (issue.state.at === 'sending') this.#forget()
    void this.focusOn(focusOf(before, issue.state) || 'none')
  }

  /** Once the key is sealed the password is of no more use here. */
  #forget(): void {
    this.querySelector<NewPassword>('ingam-new-password')?.clear()
    for (const input of this.querySelectorAll<HTMLInputElement>('input[type="password"], #issue-password, [id^="old-password"]')) input.value = ''
  }

  protected override render(): TemplateResult {
    const s = this.state
    return html`${this.#first(s)} ${progress(s, !!this.renews)} ${this.#last(s)}`
  }

  /** What has to be read before anything else. */
  #first(s: State): unknown {
    switch (s.at) {
      case 'opening':
        return html`<p class="hint" role="status">${say('el.issue.opening')}</p>`
      case 'idle':
        return s.problem ? problemIn(titled(s.problem, s.old)) : nothing
      case 'missing':
        return this.#missing(s.other)
      case 'resume':
        return html`${s.problem ? problemIn(titled(s.problem, s.old)) : notice('info', say('el.issue.resume'), say('el.issue.resume.do'))}`
      case 'waiting':
        return notice('info', say('el.issue.waiting'), say('el.issue.waiting.do'))
      case 'failed':
        return problemIn(s.problem, this.#failedActions(s.fresh))
      case 'ended':
        return problemIn(s.problem, this.codes ? undefined : html`<a class="btn btn-secondary" href="/apply">${say('el.issue.new')}</a>`)
      case 'elsewhere':
        return this.#elsewhere()
      case 'blocked':
        return s.why === 'insecure'
          ? notice('danger', say('el.issue.insecure'), say('el.issue.insecure.do'))
          : notice('danger', say('el.issue.storage'), say('el.issue.storage.do'), { actions: this.#againButton() })
      default:
        return nothing
    }
  }

  #last(s: State): TemplateResult {
    // The form stays while the rest goes on: an error keeps what was typed.
    return html`<form novalidate autocomplete="on" ?hidden=${s.at !== 'idle'} @submit=${this.#make}>
        ${this.#oldField('old-password')} ${this.#media()} ${this.#user()}
        ${this.#issue?.rules ? html`<ingam-new-password .rules=${this.#issue.rules} .label=${this.renews ? say('el.renew.password') : say('el.issue.password')}></ingam-new-password>` : nothing}
        <p class="hint">${this.renews ? say('el.renew.password.hint') : say('el.issue.password.hint')}</p>
        ${this.#actions(this.renews ? say('el.renew.make') : say('el.issue.make'))}
      </form>
      ${s.at === 'resume' ? this.#resume() : nothing}`
  }

  /** The password of the certificate to be renewed. */
  #oldField(id: string): unknown {
    if (!this.renews) return nothing
    return passwordField({
      id,
      label: say('el.renew.old'),
      hint: say('el.renew.old.hint'),
      wrong: this.oldWrong,
      shown: this.oldShown,
      show: (on) => (this.oldShown = on),
    })
  }

  /** The certificate is brought in here, or another way is taken. */
  #missing(other?: boolean): TemplateResult {
    return html`${notice('warning', other ? say('el.renew.other') : say('el.renew.missing'), say('el.renew.missing.do'), {
        actions: html`<div class="row-actions">
          ${this.reissue ? html`<a class="btn btn-secondary" href=${this.reissue}>${say('el.renew.reissue')}</a>` : nothing}
          <button type="button" class="btn btn-quiet" @click=${() => this.#issue?.open()}>${say('el.renew.look')}</button>
        </div>`,
      })}
      <ingam-wallet-add within @ingam-added=${() => this.#issue?.added()}></ingam-wallet-add>`
  }

  #media(): TemplateResult {
    const choice = (value: Medium, title: string, text: string) => html`<label class="choice">
      <input type="radio" name="medium" id="medium-${value}" value=${value} .checked=${this.medium === value} @change=${() => (this.medium = value)} />
      <span><span class="choice-title">${title}</span><span class="choice-text">${text}</span></span>
    </label>`
    return html`<fieldset>
      <legend>${say('el.issue.medium')}</legend>
      <div class="choices">
        ${choice('browser', say('el.issue.medium.browser'), say('el.issue.medium.browser.text'))}
        ${choice('file', say('el.issue.medium.file'), say('el.issue.medium.file.text'))}
      </div>
    </fieldset>`
  }

  /** For password managers: this is not the password of the login. */
  #user(): TemplateResult {
    return html`<input type="text" autocomplete="username" .value=${say('el.issue.user')} readonly hidden />`
  }

  #resume(): TemplateResult {
    return html`<form novalidate @submit=${this.#open}>
        ${this.#user()} ${this.#oldField('old-password-again')}
        ${passwordField({
          id: 'issue-password',
          label: this.renews ? say('el.renew.password.before') : say('el.issue.password.before'),
          wrong: this.wrong,
          shown: this.shown,
          show: (on) => (this.shown = on),
        })}
        ${this.#media()} ${this.#actions(this.renews ? say('el.renew.resume.go') : say('el.issue.resume.go'))}
      </form>
      ${this.dropping
        ? notice('warning', say('el.issue.drop'), say('el.issue.drop.text'), {
            actions: html`<div class="row-actions">
              <button type="button" class="btn btn-danger" @click=${() => this.#issue?.fresh()}>${say('el.issue.drop.yes')}</button>
              <button type="button" class="btn btn-secondary" @click=${() => (this.dropping = false)}>${say('el.issue.drop.no')}</button>
            </div>`,
          })
        : html`<p><button type="button" class="btn btn-quiet" @click=${this.#askDrop}>${say('el.issue.forgotten')}</button></p>`}`
  }

  #actions(label: string): TemplateResult {
    return html`<div class="actions">
      <a class="btn btn-secondary" href=${this.back || `/apply/${this.application}/confirm`}>${say('el.back')}</a>
      <button class="btn btn-primary" type="submit">${label}</button>
    </div>`
  }

  #failedActions(fresh: boolean): TemplateResult {
    return html`<div class="row-actions">
      ${fresh
        ? html`<button type="button" class="btn btn-secondary" @click=${() => this.#issue?.fresh()}>${say('el.issue.fresh')}</button>`
        : this.#againButton()}
      ${this.codes ? nothing : html`<a class="btn btn-quiet" href="/certificates">${say('el.issue.mine')}</a>`}
    </div>`
  }

  #againButton(): TemplateResult {
    return html`<button type="button" class="btn btn-secondary" @click=${() => this.#issue?.again()}>${say('el.again')}</button>`
  }

  #elsewhere(): TemplateResult {
    return notice('warning', say('el.issue.elsewhere'), say('el.issue.elsewhere.do'), {
      actions: html`<div class="row-actions">
        <a class="btn btn-secondary" href="/apply/${this.application}/done">${say('el.issue.elsewhere.see')}</a>
        <a class="btn btn-quiet" href="/wallet#/add">${say('el.issue.elsewhere.add')}</a>
      </div>`,
    })
  }

  #make = async (e: Event): Promise<void> => {
    e.preventDefault()
    const old = this.#oldOf('#old-password')
    if (old === undefined) return this.focusOn('#old-password')
    const password = await this.querySelector<NewPassword>('ingam-new-password')?.check()
    if (password) await this.#issue?.submit(password, this.medium, old)
  }

  #open = async (e: Event): Promise<void> => {
    e.preventDefault()
    const old = this.#oldOf('#old-password-again')
    if (old === undefined) return this.focusOn('#old-password-again')
    const password = this.querySelector<HTMLInputElement>('#issue-password')?.value ?? ''
    this.wrong = password ? '' : say('el.password.empty')
    if (!password) return this.focusOn('#issue-password')
    await this.#issue?.submit(password, this.medium, old)
  }

  /** What was typed as the old password; none when it is wanted and missing. */
  #oldOf(field: string): string | undefined {
    const old = this.querySelector<HTMLInputElement>(field)?.value ?? ''
    this.oldWrong = old || !this.renews ? '' : say('el.password.empty')
    return this.oldWrong ? undefined : old
  }

  #askDrop = (): void => {
    this.dropping = true
    void this.focusOn('.notice-warning')
  }
}

/** Of two passwords it is said which one the problem is about. */
function titled(p: Problem, old?: boolean): Problem {
  return old ? { ...p, title: say('el.renew.old.check'), detail: `${p.title} ${p.detail}` } : p
}

function problemIn(p: Problem, actions?: unknown): TemplateResult {
  return notice('danger', p.title, p.detail, { code: p.code, actions })
}

/** Where the eye and the screen reader should be after a change; nowhere at the page's beginning. */
function focusOf(before: State['at'], s: State): string {
  if (before === 'opening' && (s.at === 'idle' || s.at === 'resume')) return ''
  if (s.at === 'making' || s.at === 'sending' || s.at === 'storing') return before === 'making' || before === 'sending' ? '' : '.progress'
  if (s.at === 'idle' && !s.problem) return '#medium-browser'
  return '.notice'
}

define('ingam-issue', IssueElement)
