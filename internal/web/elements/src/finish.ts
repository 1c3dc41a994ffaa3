import type { Entry } from '@ingam/wallet'
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { announce, Base, define } from './base'
import { settle } from './issue/flow'
import { notice, problemNotice } from './notice'
import { passwordField } from './one-password'
import { say } from './say'
import { walletCode } from './trouble'
import { world, type Keys, type World } from './world'

type Form = 'zip' | 'pfx'

type State =
  | { at: 'opening' }
  | { at: 'here'; entry: Entry }
  | { at: 'missing' }
  | { at: 'blocked' }
  | { at: 'failed'; error: unknown }
  /** Taken out of this browser. */
  | { at: 'dropped' }

/**
 * Step 5: the certificate as this browser has it. Takes it away as a file, and
 * keeps or drops what was meant to leave. When the answer was lost on step 4
 * the certificate is put beside its key here. `data-state`: opening, here,
 * missing, blocked, failed, dropped.
 */
export class FinishElement extends Base {
  static override properties = {
    application: {},
    serial: {},
    replaces: {},
    world: { attribute: false },
    state: { state: true },
    form: { state: true },
    compatible: { state: true },
    shown: { state: true },
    wrong: { state: true },
    error: { state: true },
    busy: { state: true },
    saved: { state: true },
    kept: { state: true },
  }

  declare application: string
  declare serial: string
  /** The serial of the certificate that it took the place of. */
  declare replaces: string
  declare world: World
  declare state: State
  declare form: Form
  declare compatible: boolean
  declare shown: boolean
  declare wrong: string
  declare error: unknown
  declare busy: boolean
  /** The name of the file that was saved last. */
  declare saved: string
  declare kept: boolean
  #keys: Keys | undefined

  constructor() {
    super()
    this.application = this.serial = this.replaces = this.wrong = this.saved = ''
    this.world = world
    this.state = { at: 'opening' }
    this.form = 'zip'
    this.compatible = this.shown = this.busy = this.kept = false
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('serial') || changed.has('world')) void this.#open()
    const s = this.state
    this.dataset['state'] = s.at
    // Until it is downloaded the page shows no other way on.
    this.toggleAttribute('unfinished', s.at === 'here' && s.entry.temporary && !this.saved)
  }

  async #open(): Promise<void> {
    this.state = { at: 'opening' }
    if (!this.world.secure) {
      this.state = { at: 'blocked' }
      return
    }
    try {
      const { keys } = await this.world.wallet()
      this.#keys = keys
      const entry = await settle(this.world, keys, this.application, this.serial)
      if (entry && this.replaces) await keys.replaced(this.replaces, entry.id)
      this.state = entry ? { at: 'here', entry } : { at: 'missing' }
      if (entry && !entry.temporary) void this.world.offline()
    } catch (e) {
      this.state = walletCode(e) === 'storage' ? { at: 'blocked' } : { at: 'failed', error: e }
    }
  }

  protected override render(): unknown {
    const s = this.state
    switch (s.at) {
      case 'opening':
        return html`<p class="hint" role="status">${say('el.finish.opening')}</p>`
      case 'here':
        return this.#here(s.entry)
      case 'missing':
        return notice('info', say('el.finish.missing'), say('el.finish.missing.do'), {
          actions: html`<a class="btn btn-secondary" href="/wallet#/add">${say('el.issue.elsewhere.add')}</a>`,
        })
      case 'blocked':
        return notice('warning', say('el.finish.blocked'), say('el.finish.blocked.do'))
      case 'dropped':
        return notice('success', say('el.finish.dropped'), say('el.finish.dropped.do'))
      case 'failed':
        return problemNotice(s.error, html`<button type="button" class="btn btn-secondary" @click=${() => this.#open()}>${say('el.again')}</button>`)
    }
  }

  #here(entry: Entry): TemplateResult {
    return html`
      ${this.#where(entry)}
      ${entry.temporary ? this.#save(true) : html`<details class="more" ?open=${!!this.saved || !!this.wrong}><summary>${say('el.finish.take')}</summary>${this.#save(false)}</details>`}
      ${entry.temporary && this.saved ? this.#leave() : nothing}`
  }

  #where(entry: Entry): TemplateResult {
    if (this.kept) return notice('success', say('el.finish.kept'), say('el.finish.kept.do'))
    if (entry.temporary && this.saved) return html``
    return entry.temporary
      ? notice('warning', say('el.finish.temporary'), say('el.finish.temporary.do'))
      : notice('success', say('el.finish.here'), say('el.finish.here.do'))
  }

  #save(first: boolean): TemplateResult {
    const choice = (value: Form, title: string, text: string) => html`<label class="choice">
      <input type="radio" name="form" id="form-${value}" value=${value} .checked=${this.form === value} @change=${() => (this.form = value)} />
      <span><span class="choice-title">${title}</span><span class="choice-text">${text}</span></span>
    </label>`
    return html`<form novalidate class="stack" @submit=${this.#download}>
      <fieldset>
        <legend>${say('el.finish.form')}</legend>
        <div class="choices">
          ${choice('zip', say('el.finish.zip'), say('el.finish.zip.text'))} ${choice('pfx', say('el.finish.pfx'), say('el.finish.pfx.text'))}
        </div>
      </fieldset>
      <label class="check">
        <input type="checkbox" id="compatible" .checked=${this.compatible} @change=${(e: Event) => (this.compatible = (e.target as HTMLInputElement).checked)} />
        <span>${say('el.finish.compatible')} <span class="choice-text">${say('el.finish.compatible.text')}</span></span>
      </label>
      ${passwordField({
        id: 'finish-password',
        label: say('el.finish.password'),
        hint: say('el.finish.password.hint'),
        wrong: this.wrong,
        shown: this.shown,
        show: (on) => (this.shown = on),
      })}
      ${this.error ? problemNotice(this.error) : nothing}
      ${this.saved ? notice('success', say('el.finish.saved', { name: this.saved }), say('el.finish.saved.do')) : nothing}
      <div class="row-actions">
        <button class="btn ${first && !this.saved ? 'btn-primary' : 'btn-secondary'}" type="submit" aria-busy=${this.busy ? 'true' : 'false'} aria-disabled=${this.busy ? 'true' : 'false'}>
          ${this.busy ? say('el.finish.saving') : say('el.finish.save')}
        </button>
      </div>
    </form>`
  }

  /** What becomes of the copy in this browser. */
  #leave(): TemplateResult {
    return html`<div class="card">
      <p><strong>${say('el.finish.leave')}</strong></p>
      <p>${say('el.finish.leave.text')}</p>
      <div class="row-actions">
        <button type="button" class="btn btn-secondary" id="drop" @click=${this.#drop}>${say('el.finish.drop')}</button>
        <button type="button" class="btn btn-quiet" id="keep" @click=${this.#keep}>${say('el.finish.keep')}</button>
      </div>
    </div>`
  }

  #download = async (e: Event): Promise<void> => {
    e.preventDefault()
    const s = this.state
    const field = this.querySelector<HTMLInputElement>('#finish-password')
    if (s.at !== 'here' || this.busy || !field || !this.#keys) return
    this.error = undefined
    this.wrong = field.value ? '' : say('el.password.empty')
    if (!field.value) return this.focusOn('#finish-password')
    this.busy = true
    this.saved = ''
    try {
      const file = await this.#file(s.entry, field.value)
      const name = fileName(s.entry, this.form)
      this.world.save(file, name)
      field.value = ''
      this.saved = name
      announce(say('el.finish.saved', { name }))
    } catch (cause) {
      this.error = cause
      await this.focusOn('.notice-danger')
    } finally {
      this.busy = false
    }
  }

  async #file(entry: Entry, password: string): Promise<Blob> {
    const keys = this.#keys as Keys
    const o = { compatible: this.compatible }
    return this.form === 'zip'
      ? new Blob([await keys.exportZip(entry.id, password, o)], { type: 'application/zip' })
      : new Blob([await keys.exportPfx(entry.id, password, o)], { type: 'application/x-pkcs12' })
  }

  #drop = async (): Promise<void> => {
    await this.#change(async (entry, keys) => {
      await keys.remove(entry.id)
      this.state = { at: 'dropped' }
    })
  }

  #keep = async (): Promise<void> => {
    await this.#change(async (entry, keys) => {
      await this.world.persist()
      await keys.keep(entry.id)
      this.kept = true
      void this.world.offline()
      this.state = { at: 'here', entry: { ...entry, temporary: false } }
    })
  }

  async #change(act: (entry: Entry, keys: Keys) => Promise<void>): Promise<void> {
    if (this.state.at !== 'here' || !this.#keys) return
    this.error = undefined
    try {
      await act(this.state.entry, this.#keys)
      await this.focusOn('.notice')
    } catch (e) {
      this.error = e
      await this.focusOn('.notice-danger')
    }
  }
}

/** A name for the file: no person in it, but enough to tell two apart. */
function fileName(entry: Entry, form: Form): string {
  const day = entry.certificate.notAfter.toISOString().slice(0, 10)
  return form === 'zip' ? `NPKI-${entry.ca}-${day}.zip` : `certificate-${entry.ca}-${day}.pfx`
}

define('ingam-finish', FinishElement)
