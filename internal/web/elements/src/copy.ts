import { announce, define } from './base'
import { say } from './say'

/**
 * A button that copies what the element holds, or `value`. What is copied
 * loses the blanks that group it for reading.
 */
export class CopyElement extends HTMLElement {
  #button: HTMLButtonElement | undefined

  connectedCallback(): void {
    if (this.#button || !navigator.clipboard) return // only over https; the text can be selected anyway
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'btn btn-quiet'
    button.textContent = say('el.copy')
    const what = this.getAttribute('label')
    if (what) button.setAttribute('aria-label', `${say('el.copy')}: ${what}`)
    button.addEventListener('click', () => void this.#copy(button))
    this.#button = button
    this.append(' ', button)
  }

  async #copy(button: HTMLButtonElement): Promise<void> {
    const text = this.getAttribute('value') ?? this.firstElementChild?.textContent ?? ''
    try {
      await navigator.clipboard.writeText(text.replace(/\s+/g, this.hasAttribute('value') ? ' ' : ''))
      button.textContent = say('el.copied')
      announce(say('el.copied'))
    } catch {
      button.textContent = say('el.copy.no')
      announce(say('el.copy.no'))
    }
    setTimeout(() => { button.textContent = say('el.copy') }, 3000)
  }
}

define('ingam-copy', CopyElement)
