import type { TemplateResult } from 'lit'
import { problem, ProblemError, type Problem } from '../api'
import { notice } from '../notice'
import { say } from '../say'
import type { Hindrance } from './ability'

/** Why passkeys can't be used here, and what to do. */
export function hindranceNotice(why: Hindrance): TemplateResult {
  switch (why) {
    case 'address': return notice('info', say('el.passkey.address'), say('el.passkey.address.do'))
    case 'insecure': return notice('info', say('el.passkey.insecure'), say('el.passkey.insecure.do'))
    case 'browser': return notice('info', say('el.passkey.browser'), say('el.passkey.browser.do'))
  }
}

/** What went wrong at the browser's own dialog, or at the service. */
export function passkeyProblem(e: unknown): Problem {
  if (e instanceof ProblemError || !(e instanceof Error)) return problem(e)
  // The library names what the browser's error means by a code, where it can.
  const { name, code } = e as Error & { code?: string }
  if (code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED' || name === 'InvalidStateError') {
    return { title: say('el.passkey.exists'), detail: say('el.passkey.exists.do') }
  }
  if (name === 'NotAllowedError' || name === 'AbortError') {
    return { title: say('el.passkey.cancelled'), detail: say('el.passkey.cancelled.do') }
  }
  if (name === 'SecurityError') return { title: say('el.passkey.address'), detail: say('el.passkey.address.do') }
  if (name === 'NotSupportedError' || name === 'ConstraintError') {
    return { title: say('el.passkey.unfit'), detail: say('el.passkey.unfit.do') }
  }
  return problem(e)
}
