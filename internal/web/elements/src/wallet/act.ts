import { html, nothing, type TemplateResult } from 'lit'
import { state } from 'lit/decorators.js'
import { announce, Base } from '../base'
import { problemNotice } from '../notice'
import { say } from '../say'

/** An element with one thing to do: it is done once at a time, and a refusal is shown and focused. */
export abstract class Act extends Base {
  @state() protected busy = false
  @state() protected failure: unknown

  override connectedCallback(): void {
    super.connectedCallback()
    this.classList.add('stack')
    this.style.display = 'block'
  }

  /** Runs what was asked for. Says what is being done while it lasts. */
  protected async act(doing: string, work: () => Promise<void>): Promise<void> {
    if (this.busy) return
    this.busy = true
    this.failure = undefined
    const soon = setTimeout(() => announce(doing), 400)
    try {
      await work()
    } catch (e) {
      this.failure = e
    } finally {
      clearTimeout(soon)
      this.busy = false
      this.dataset['state'] = this.failure ? 'failed' : 'idle'
    }
    if (this.failure) await this.focusOn('.notice-danger')
  }

  /** The refusal, if there was one, with a way out beside it. */
  protected refused(actions?: unknown): TemplateResult | typeof nothing {
    return this.failure ? problemNotice(this.failure, actions) : nothing
  }

  /** A certificate's password. Password managers may fill it in. */
  protected passwordField(label = say('el.keep.password'), hint?: string): TemplateResult {
    const id = `${this.localName}-password`
    return html`<div class="field">
      <label for=${id}>${label}</label>
      <input id=${id} name="password" type="password" autocomplete="current-password" required
        autocapitalize="off" spellcheck="false" aria-describedby=${hint ? `${id}-hint` : nothing}>
      ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : nothing}
    </div>`
  }

  /** Gives what stands in a field and, for a password, forgets it. */
  protected take(name = 'password'): string {
    const field = this.querySelector<HTMLInputElement>(`input[name="${name}"]`)
    const value = field?.value ?? ''
    if (field?.type === 'password') field.value = ''
    return value
  }

  /** The button that does it. While it is done it says so and can't be pressed again. */
  protected submit(label: string, doing: string, tone: 'primary' | 'secondary' | 'danger' = 'primary'): TemplateResult {
    return html`<button class="btn btn-${tone}" type="submit" ?disabled=${this.busy}
      aria-busy=${this.busy ? 'true' : 'false'}>${this.busy ? doing : label}</button>`
  }
}
