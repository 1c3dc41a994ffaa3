import { define } from './base'
import { say } from './say'

/** A button that prints the page: its own, or the one that the page has made. */
export class PrintElement extends HTMLElement {
  connectedCallback(): void {
    const made = this.querySelector('button')
    const button = made ?? document.createElement('button')
    if (!made) {
      button.type = 'button'
      button.className = 'btn btn-secondary no-print'
      button.textContent = say('el.print')
      this.append(button)
    }
    button.hidden = false
    button.onclick = () => print()
  }
}

define('ingam-print', PrintElement)
