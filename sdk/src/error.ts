import type { PasswordProblem } from './npki/password'

/**
 * What can go wrong. Codes only: the words for a person are the page's.
 *
 * - `format`: not such a file, or a damaged one
 * - `wrong-password`, `iterations` (over the cap), `unsupported` (a scheme or
 *   key that is not read here)
 * - `key-mismatch`: the certificate is for another key
 * - `signature`, `digest`, `no-content`: a signed message that does not hold
 * - `password`: a new password that breaks the rules (`detail.problems`)
 * - `locked`: too many wrong passwords (`detail.until`)
 */
export type Code =
  | 'format'
  | 'wrong-password'
  | 'iterations'
  | 'unsupported'
  | 'key-mismatch'
  | 'signature'
  | 'digest'
  | 'no-content'
  | 'locked'
  | 'not-found'
  | 'exists'
  | 'storage'
  | 'password'
  | 'too-large'
  | 'expired'

/** More about an error: tries left, end of a lock-out, broken password rules. */
export interface Detail {
  left?: number
  until?: Date
  problems?: PasswordProblem[]
  /** Of two passwords that were given the one it is about: that of the entry to be renewed. */
  entry?: string
}

/** The one error that this library throws on purpose. It never quotes what it was given. */
export class WalletError extends Error {
  readonly code: Code
  readonly detail?: Detail

  constructor(code: Code, detail?: Detail) {
    super(code)
    this.name = 'WalletError'
    this.code = code
    if (detail) this.detail = detail
  }
}

/** Throws a WalletError; an expression, so that it can stand after `??` and `||`. */
export function fail(code: Code, detail?: Detail): never {
  throw new WalletError(code, detail)
}
