import { html, nothing, svg, type TemplateResult } from 'lit'
import { problem, type Problem } from './api'
import { say } from './say'

export type Tone = 'danger' | 'warning' | 'success' | 'info'

/** A notice: what happened, what to do, the number, and at the end what can be chosen. */
export function notice(tone: Tone, title: string, detail?: unknown, more?: { code?: number | undefined; actions?: unknown }): TemplateResult {
  return html`<div class="notice notice-${tone}" role=${tone === 'danger' || tone === 'warning' ? 'alert' : 'status'} tabindex="-1">
    ${icon(tone)}
    <div class="notice-body">
      <p class="notice-title">${title}</p>
      ${detail ? html`<p>${typeof detail === 'string' ? told(detail) : detail}</p>` : nothing}
      ${more?.code ? html`<p class="notice-code">${say('el.notice.code', { code: more.code })}</p>` : nothing}
      ${more?.actions ?? nothing}
    </div>
  </div>`
}

/** A text whose telephone number can be called from it, and is never broken at the end of a line. */
function told(text: string): unknown[] {
  return text.split(/\b(\d{4}-\d{4})\b/).map((part, i) => (i % 2 ? html`<a class="nowrap" href="tel:${part.replace('-', '')}">${part}</a>` : part))
}

/** An error as a notice. */
export function problemNotice(e: unknown, actions?: unknown): TemplateResult {
  const p: Problem = problem(e)
  return notice('danger', p.title, p.detail, { code: p.code, actions })
}

/** What is wrong with one field, below it. */
export function fieldError(id: string, text: string): TemplateResult {
  return html`<p class="error" id=${id}>${icon('danger', 'icon icon-small')}<span>${text}</span></p>`
}

/** The shape tells the tone to those who don't see the colour. */
export function icon(tone: Tone, style = 'icon'): TemplateResult {
  const shape = {
    danger: svg`<path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z"/><path d="M12 7v6m0 3v.01"/>`,
    warning: svg`<path d="M12 3 2 21h20z"/><path d="M12 10v5m0 3v.01"/>`,
    success: svg`<circle cx="12" cy="12" r="10"/><path d="m7 12.5 3.5 3.5L17 9"/>`,
    info: svg`<circle cx="12" cy="12" r="10"/><path d="M12 11v6m0-10v.01"/>`,
  }[tone]
  return html`<svg class=${style} viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor"
    stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${shape}</svg>`
}
