/** How long before the end the warning shows, in milliseconds. */
export const WARNING = 90_000

/** One who is at work lets the service hear of it at most this often, in milliseconds. */
export const PING = 60_000

/** Seconds before the end at which the time left is said aloud. */
const SPOKEN = [60, 30, 10]

/** What is to be done at a moment. */
export type Act = { do: 'wait'; ms: number } | { do: 'warn'; left: number; say?: number } | { do: 'end' }

/**
 * When a session ends of which the service hears nothing. Times are wall-clock
 * milliseconds: a computer that slept finds its session over.
 */
export class IdleClock {
  #heard: number
  #said: number | undefined

  constructor(readonly idle: number, now: number) {
    this.#heard = now
  }

  /** The service heard of this session, from here or from another tab. */
  heard(at: number): void {
    if (at > this.#heard) {
      this.#heard = at
      this.#said = undefined
    }
  }

  /** Whether what the person does now should be told to the service. During the warning the person decides. */
  due(now: number): boolean {
    const since = now - this.#heard
    return since >= Math.min(PING, this.idle / 4) && since < this.idle - this.#warning
  }

  get #warning(): number {
    return Math.min(WARNING, this.idle / 2)
  }

  /** What to do now. Ask again after `ms`, or a second later. */
  at(now: number): Act {
    const left = this.#heard + this.idle - now
    if (left <= 0) return { do: 'end' }
    if (left > this.#warning) return { do: 'wait', ms: left - this.#warning }
    const seconds = Math.ceil(left / 1000)
    const mark = SPOKEN.filter((s) => seconds <= s).at(-1)
    if (mark === undefined || mark === this.#said) return { do: 'warn', left: seconds }
    this.#said = mark
    return { do: 'warn', left: seconds, say: seconds }
  }
}
