import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { Problem } from '../api'
import { announce, Base, define, openDialog } from '../base'
import { fieldError, notice } from '../notice'
import { say, sayDate } from '../say'
import { add, passkeyWorld, type Passkey, type PasskeyWorld } from './ceremony'
import { hindranceNotice, passkeyProblem } from './words'

/**
 * The passkeys of who is logged in: see, add under a name, remove. `data-state`:
 * loading, ready, busy, failed.
 */
export class Passkeys extends Base {
  static override properties = {
    world: { attribute: false },
    list: { state: true },
    problem: { state: true },
    done: { state: true },
    busy: { state: true },
    wrong: { state: true },
    leaving: { state: true },
  }

  declare world: PasskeyWorld
  declare list: Passkey[] | undefined
  declare problem: Problem | undefined
  declare done: string
  declare busy: boolean
  declare wrong: string
  /** The one that the person is asked about before it goes. */
  declare leaving: Passkey | undefined

  constructor() {
    super()
    this.world = passkeyWorld
    this.done = this.wrong = ''
    this.busy = false
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('world')) void this.#load()
    this.dataset['state'] = this.busy ? 'busy' : this.problem ? 'failed' : this.list ? 'ready' : 'loading'
  }

  async #load(): Promise<void> {
    this.problem = undefined
    try {
      this.list = (await this.world.api.get<{ passkeys: Passkey[] }>('/passkeys')).passkeys
    } catch (e) {
      this.problem = passkeyProblem(e)
    }
  }

  protected override render(): TemplateResult {
    const p = this.problem
    return html`
      ${p ? notice('danger', p.title, p.detail, { code: p.code, actions: this.list ? nothing : this.#again() }) : nothing}
      ${this.done ? notice('success', this.done) : nothing}
      ${this.list ? this.#shown(this.list) : p ? nothing : html`<p class="hint" role="status">${say('passkeys.loading')}</p>`}
      ${this.world.hindrance ? hindranceNotice(this.world.hindrance) : this.list ? this.#adding() : nothing} ${this.#dialog()}`
  }

  #again(): TemplateResult {
    return html`<button type="button" class="btn btn-secondary" @click=${() => this.#load()}>${say('el.again')}</button>`
  }

  #shown(list: Passkey[]): TemplateResult {
    if (!list.length) {
      return html`<div class="empty"><p><strong>${say('passkeys.none')}</strong></p><p>${say('passkeys.none.text')}</p></div>`
    }
    return html`<ul class="list">
      ${list.map(
        (k) => html`<li>
          <div class="row">
            <span class="row-body">
              <span class="row-title">${k.name}</span>
              <span class="row-text">${say('passkeys.made', { date: sayDate(new Date(k.createdAt)) })}</span>
              <span class="row-text">${k.usedAt ? say('passkeys.used', { date: sayDate(new Date(k.usedAt)) }) : say('passkeys.unused')}</span>
            </span>
            <button type="button" class="btn btn-quiet" data-act="remove" aria-label=${say('passkeys.remove.of', { name: k.name })} @click=${() => this.#ask(k)}>
              ${say('passkeys.remove')}
            </button>
          </div>
        </li>`,
      )}
    </ul>`
  }

  #adding(): TemplateResult {
    return html`<form novalidate class="card" @submit=${this.#add}>
      <div class="field">
        <label for="passkey-name">${say('passkeys.name')}</label>
        <input id="passkey-name" name="name" type="text" maxlength="60" autocomplete="off" aria-invalid=${this.wrong ? 'true' : 'false'}
          aria-describedby=${this.wrong ? 'passkey-name-hint passkey-name-error' : 'passkey-name-hint'} />
        <p class="hint" id="passkey-name-hint">${say('passkeys.name.hint')}</p>
        ${this.wrong ? fieldError('passkey-name-error', this.wrong) : nothing}
      </div>
      <div class="row-actions">
        <button class="btn btn-primary" type="submit" aria-busy=${this.busy ? 'true' : 'false'} aria-disabled=${this.busy ? 'true' : 'false'}>
          ${this.busy ? say('el.passkey.asking') : say('passkeys.add')}
        </button>
      </div>
    </form>`
  }

  #dialog(): TemplateResult {
    const k = this.leaving
    return html`<dialog class="dialog" aria-labelledby="passkey-leave" @close=${() => (this.leaving = undefined)}>
      <h2 id="passkey-leave">${k ? say('passkeys.leave', { name: k.name }) : ''}</h2>
      <p>${say('passkeys.leave.text')}</p>
      <div class="row-actions">
        <button type="button" class="btn btn-danger" @click=${this.#remove}>${say('passkeys.remove')}</button>
        <button type="button" class="btn btn-secondary" @click=${() => this.querySelector('dialog')?.close()}>${say('el.cancel')}</button>
      </div>
    </dialog>`
  }

  #ask(k: Passkey): void {
    this.leaving = k
    const dialog = this.querySelector('dialog')
    void this.updateComplete.then(() => { if (dialog) openDialog(dialog) })
  }

  #add = async (e: Event): Promise<void> => {
    e.preventDefault()
    const input = this.querySelector<HTMLInputElement>('#passkey-name')
    const name = input?.value.trim() ?? ''
    this.wrong = name ? '' : say('passkeys.name.empty')
    if (!name) return this.focusOn('#passkey-name')
    await this.#act(async () => {
      await add(this.world, name)
      if (input) input.value = ''
      return say('passkeys.added', { name })
    })
  }

  #remove = async (): Promise<void> => {
    const k = this.leaving
    this.querySelector('dialog')?.close()
    if (!k) return
    await this.#act(async () => {
      await this.world.api.remove(`/passkeys/${encodeURIComponent(k.id)}`)
      return say('passkeys.removed', { name: k.name })
    })
  }

  async #act(work: () => Promise<string>): Promise<void> {
    if (this.busy) return
    this.busy = true
    this.done = ''
    this.problem = undefined
    try {
      const done = await work()
      await this.#load()
      this.done = done
      announce(done)
    } catch (e) {
      this.problem = passkeyProblem(e)
      await this.focusOn('.notice-danger')
    } finally {
      this.busy = false
    }
  }
}

define('ingam-passkeys', Passkeys)
