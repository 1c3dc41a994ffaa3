import { define } from './base'
import { say } from './say'

/** A button that prints the page. */
export class PrintElement extends HTMLElement {
  connectedCallback(): void {
    if (this.childElementCount) return
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'btn btn-secondary no-print'
    button.textContent = say('el.print')
    button.addEventListener('click', () => print())
    this.append(button)
  }
}

define('ingam-print', PrintElement)
