import { define } from './base'
import { say } from './say'

/**
 * Around the boxes to agree with: one box more that agrees with all of them.
 * Each stays a box of its own; taking one back takes "all" back.
 */
export class Terms extends HTMLElement {
  connectedCallback(): void {
    const boxes = [...this.querySelectorAll<HTMLInputElement>('input[type="checkbox"]:not([data-all])')]
    const open = boxes.filter((b) => !b.disabled)
    if (open.length < 2) return
    const all = this.querySelector<HTMLInputElement>('input[data-all]') ?? this.#add()
    const see = (): void => {
      all.checked = open.every((b) => b.checked)
      all.indeterminate = !all.checked && open.some((b) => b.checked)
    }
    all.addEventListener('change', () => {
      const changed = open.filter((b) => b.checked !== all.checked)
      for (const b of changed) b.checked = all.checked
      for (const b of changed) b.dispatchEvent(new Event('change', { bubbles: true }))
    })
    for (const b of open) b.addEventListener('change', see)
    addEventListener('pageshow', see)
    see()
  }

  #add(): HTMLInputElement {
    const label = document.createElement('label')
    label.className = 'choice'
    const all = document.createElement('input')
    all.type = 'checkbox'
    all.id = 'agree-all'
    all.dataset['all'] = ''
    const words = document.createElement('span')
    const title = document.createElement('span')
    title.className = 'choice-title'
    title.textContent = say('el.terms.all')
    const text = document.createElement('span')
    text.className = 'choice-text'
    text.textContent = say('el.terms.all.text')
    words.append(title, text)
    label.append(all, words)
    this.prepend(label)
    return all
  }
}

define('ingam-terms', Terms)
