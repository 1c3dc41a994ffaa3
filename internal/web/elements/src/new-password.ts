import { html, nothing, type TemplateResult } from 'lit'
import { announce, Base, define } from './base'
import { marks, type Mark, type Rule } from './password-rules'
import { fieldError } from './notice'
import { say } from './say'
import type { Rules } from './world'

/**
 * A new password, typed or pasted twice, with the rules that it has to keep.
 * The fields have no name: no form ever sends them.
 *
 * `check()` gives the password, or shows what is wrong and moves the focus
 * there. `rules` must be set.
 */
export class NewPassword extends Base {
  static override properties = {
    rules: { attribute: false },
    label: {},
    field: {},
    typed: { state: true },
    shown: { state: true },
    capsLock: { state: true },
    complaint: { state: true },
  }

  declare rules: Rules
  /** The first field's label; "new password" when left out. */
  declare label: string
  /** The id of the first field; the second's ends in -again. */
  declare field: string
  declare typed: { first: string; second: string }
  declare shown: boolean
  declare capsLock: boolean
  declare complaint: { field: 'first' | 'second'; text: string } | undefined
  #met = false

  constructor() {
    super()
    this.rules = () => []
    this.label = ''
    this.field = 'new-password'
    this.typed = { first: '', second: '' }
    this.shown = false
    this.capsLock = false
  }

  /** The password when it may be set and was typed twice alike. */
  async check(): Promise<string | undefined> {
    const { first, second } = this.typed
    if (!first || this.rules(first).length) return this.#complain('first', first ? say('el.password.short') : say('el.password.empty'))
    if (!second) return this.#complain('second', say('el.password.again.empty'))
    if (first !== second) return this.#complain('second', say('el.password.differ'))
    this.complaint = undefined
    return first
  }

  /** Forgets what was typed. */
  clear(): void {
    this.typed = { first: '', second: '' }
    this.shown = false
    for (const input of this.querySelectorAll('input')) input.value = ''
  }

  async #complain(field: 'first' | 'second', text: string): Promise<undefined> {
    this.complaint = { field, text }
    await this.focusOn(`#${this.#idOf(field)}`)
    return undefined
  }

  #idOf(field: 'first' | 'second'): string {
    return field === 'first' ? this.field : this.field + '-again'
  }

  protected override render(): TemplateResult {
    return html`
      ${this.#input('first', this.label || say('el.password.new'), `${this.field}-rules`)} ${this.#rules()}
      ${this.#input('second', say('el.password.again'), '')}
      ${this.capsLock ? html`<p class="hint" role="status">${say('el.password.capslock')}</p>` : nothing}
      <label class="check">
        <input type="checkbox" .checked=${this.shown} @change=${(e: Event) => (this.shown = (e.target as HTMLInputElement).checked)} />
        <span>${say('el.password.show')}</span>
      </label>`
  }

  #input(field: 'first' | 'second', label: string, described: string): TemplateResult {
    const id = this.#idOf(field)
    const wrong = this.complaint?.field === field ? this.complaint.text : ''
    return html`<div class="field">
      <label for=${id}>${label}</label>
      <input
        id=${id}
        type=${this.shown ? 'text' : 'password'}
        autocomplete="new-password"
        autocapitalize="none"
        autocorrect="off"
        spellcheck="false"
        maxlength="128"
        aria-invalid=${wrong ? 'true' : 'false'}
        aria-describedby=${[described, wrong && `${id}-error`].filter(Boolean).join(' ') || nothing}
        @input=${(e: Event) => this.#type(field, (e.target as HTMLInputElement).value)}
        @keyup=${(e: KeyboardEvent) => (this.capsLock = e.getModifierState?.('CapsLock') ?? false)}
      />
      ${wrong ? fieldError(`${id}-error`, wrong) : nothing}
    </div>`
  }

  #type(field: 'first' | 'second', value: string): void {
    this.typed = { ...this.typed, [field]: value }
    if (this.complaint?.field === field) this.complaint = undefined
    const met = !!this.typed.first && this.rules(this.typed.first).length === 0
    if (met && !this.#met) announce(say('el.password.met'))
    this.#met = met
  }

  #rules(): TemplateResult {
    const { first } = this.typed
    return html`<ul class="rules" id="${this.field}-rules">
      ${marks(first, first ? this.rules(first) : []).map(
        ({ rule, mark }) =>
          html`<li class=${mark} data-rule=${rule}><span class="visually-hidden">${sayMark(mark)}</span> ${sayRule(rule)}</li>`,
      )}
    </ul>`
  }
}

function sayMark(mark: Mark): string {
  return mark === 'ok' ? say('el.rule.ok') : mark === 'broken' ? say('el.rule.broken') : say('el.rule.open')
}

function sayRule(rule: Rule): string {
  switch (rule) {
    case 'length': return say('el.rule.length')
    case 'letter': return say('el.rule.letter')
    case 'digit': return say('el.rule.digit')
    case 'special': return say('el.rule.special')
    case 'charset': return say('el.rule.charset')
  }
}

define('ingam-new-password', NewPassword)
