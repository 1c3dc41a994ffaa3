import { announce, define } from './base'
import { bankNow } from './clock'
import { say, sayLeft } from './say'

const SPOKEN = [60, 30]

/**
 * The time left `until` (RFC 3339), each second; said aloud twice and when it is
 * over. Fires `ended` then, and has the attribute `ended`.
 */
export class Countdown extends HTMLElement {
  #timer = 0
  #until = 0
  #said = 0

  connectedCallback(): void {
    this.#until = Date.parse(this.getAttribute('until') ?? '')
    if (!this.#until) return
    this.classList.add('countdown')
    this.setAttribute('role', 'timer')
    this.setAttribute('aria-live', 'off')
    document.addEventListener('visibilitychange', this.#tick)
    this.#tick()
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer)
    document.removeEventListener('visibilitychange', this.#tick)
  }

  #tick = (): void => {
    clearTimeout(this.#timer)
    const left = (this.#until - bankNow()) / 1000
    if (left <= 0) {
      this.textContent = say('el.countdown.ended')
      if (this.hasAttribute('ended')) return
      this.setAttribute('ended', '')
      announce(say('el.countdown.ended'))
      this.dispatchEvent(new Event('ended', { bubbles: true }))
      return
    }
    this.textContent = say('el.countdown.left', { time: sayLeft(left) })
    const mark = SPOKEN.filter((s) => left <= s).at(-1) ?? 0
    if (mark && mark !== this.#said && left > mark - 2) announce(say('el.idle.left', { n: mark }))
    this.#said = mark
    this.#timer = setTimeout(this.#tick, 1000 - (bankNow() % 1000) + 5)
  }
}

define('ingam-countdown', Countdown)
