import { define } from './base'
import { hyphenate, mask } from './mask'
import { say } from './say'

/**
 * Around a field for an identity number: what is typed shows masked until the
 * person asks to see it. The field itself keeps the number, so a form without
 * script sends the same.
 */
export class Masked extends HTMLElement {
  #cover: HTMLElement | undefined

  connectedCallback(): void {
    const input = this.querySelector('input')
    if (!input || this.#cover) return
    const box = document.createElement('span')
    box.className = 'masked-box'
    const row = document.createElement('div')
    row.className = 'with-button'
    input.replaceWith(row)
    const cover = (this.#cover = document.createElement('span'))
    cover.className = 'masked-cover'
    cover.setAttribute('aria-hidden', 'true')
    box.append(input, cover)
    row.append(box, this.#button(input))
    this.classList.add('masked')
    input.spellcheck = false
    input.addEventListener('input', (e) => this.#typed(input, e as InputEvent))
    input.addEventListener('scroll', () => { cover.scrollLeft = input.scrollLeft })
    addEventListener('pageshow', () => this.#draw(input)) // a browser fills fields in again on Back
    this.#draw(input)
  }

  #button(input: HTMLInputElement): HTMLButtonElement {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'btn btn-secondary'
    const shows = (on: boolean): void => {
      this.toggleAttribute('shown', on)
      button.setAttribute('aria-pressed', String(on))
      button.textContent = on ? say('el.masked.hide') : say('el.masked.show')
      this.#draw(input)
    }
    button.addEventListener('click', () => shows(!this.hasAttribute('shown')))
    shows(false)
    return button
  }

  #typed(input: HTMLInputElement, e: InputEvent): void {
    const atEnd = input.selectionStart === input.value.length
    if (atEnd && !e.isComposing && e.inputType !== 'deleteContentBackward') {
      const better = hyphenate(input.value)
      if (better !== input.value) input.value = better
    }
    this.#draw(input)
  }

  /** One cell for each sign, as wide as a digit: the caret stands where it is seen. */
  #draw(input: HTMLInputElement): void {
    const text = this.hasAttribute('shown') ? '' : mask(input.value)
    this.#cover?.replaceChildren(
      ...[...text].map((c) => {
        const cell = document.createElement('span')
        cell.textContent = c
        return cell
      }),
    )
  }
}

define('ingam-masked', Masked)
