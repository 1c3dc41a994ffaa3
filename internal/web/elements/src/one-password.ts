import { html, nothing, type TemplateResult } from 'lit'
import { fieldError } from './notice'
import { say } from './say'

/** One field for a password that exists. It has no name: no form ever sends it. */
export function passwordField(o: { id: string; label: string; hint?: string; wrong?: string | undefined; shown: boolean; show(on: boolean): void }): TemplateResult {
  const described = [o.hint && `${o.id}-hint`, o.wrong && `${o.id}-error`].filter(Boolean).join(' ')
  return html`<div class="field">
      <label for=${o.id}>${o.label}</label>
      <input
        id=${o.id}
        type=${o.shown ? 'text' : 'password'}
        autocomplete="current-password"
        autocapitalize="none"
        spellcheck="false"
        maxlength="128"
        required
        aria-invalid=${o.wrong ? 'true' : 'false'}
        aria-describedby=${described || nothing}
      />
      ${o.hint ? html`<p class="hint" id="${o.id}-hint">${o.hint}</p>` : nothing}
      ${o.wrong ? fieldError(`${o.id}-error`, o.wrong) : nothing}
    </div>
    <label class="check">
      <input type="checkbox" .checked=${o.shown} @change=${(e: Event) => o.show((e.target as HTMLInputElement).checked)} />
      <span>${say('el.password.show')}</span>
    </label>`
}
