import { html, nothing, type TemplateResult } from 'lit'
import { icon } from '../notice'
import { say } from '../say'
import type { State } from './flow'

const issuing = ['key', 'seal', 'request', 'sending', 'storing'] as const
const renewing = ['open', ...issuing] as const
type Phase = (typeof renewing)[number]

function phaseOf(s: State): Phase | undefined {
  if (s.at === 'making') return s.step
  if (s.at === 'sending' || s.at === 'storing') return s.at
  return s.at === 'done' ? 'storing' : undefined
}

/** What is being done, in words; empty when nothing is. */
export function sayPhase(s: State): string {
  const phase = phaseOf(s)
  return phase ? words(phase) : ''
}

function words(phase: Phase): string {
  switch (phase) {
    case 'open': return say('el.issue.phase.open')
    case 'key': return say('el.issue.phase.key')
    case 'seal': return say('el.issue.phase.seal')
    case 'request': return say('el.issue.phase.request')
    case 'sending': return say('el.issue.phase.sending')
    case 'storing': return say('el.issue.phase.storing')
  }
}

/** What is being done, and how far; a renewal opens the old certificate first. */
export function progress(s: State, renews: boolean): TemplateResult | typeof nothing {
  const phase = phaseOf(s)
  if (!phase) return nothing
  const phases: readonly Phase[] = renews ? renewing : issuing
  const at = phases.indexOf(phase)
  return html`<div class="progress" tabindex="-1" aria-busy="true">
    <p><strong>${words(phase)}</strong></p>
    <progress max=${phases.length} value=${at + 0.5} aria-label=${say('el.issue.progress')}></progress>
    <ol>
      ${phases.map(
        (p, i) => html`<li class=${i < at ? 'done' : nothing} aria-current=${i === at ? 'step' : nothing}>
          ${words(p)}${i < at ? html`${icon('success', 'icon icon-small')}<span class="visually-hidden">${say('el.done')}</span>` : nothing}
        </li>`,
      )}
    </ol>
    <p class="hint">${at < phases.indexOf('sending') ? say('el.issue.here') : say('el.issue.safe')}</p>
  </div>`
}
