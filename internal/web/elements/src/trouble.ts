import type { Code, Detail } from '@ingam/wallet'
import { say, sayTime } from './say'
import type { Problem } from './problem'

interface Trouble {
  code: Code
  detail?: Detail
}

/** The code of an error of the wallet; none for any other error. */
export function walletCode(e: unknown): Code | undefined {
  return trouble(e)?.code
}

/** Whether an error is about the password of the entry that is to be renewed. */
export const aboutOld = (e: unknown): boolean => !!trouble(e)?.detail?.entry

// By name, not by class: the library is loaded only where it is needed.
function trouble(e: unknown): Trouble | undefined {
  return e instanceof Error && e.name === 'WalletError' ? (e as Error & Trouble) : undefined
}

/** An error of the wallet in words; none for any other error. */
export function walletProblem(e: unknown): Problem | undefined {
  const t = trouble(e)
  if (!t) return undefined
  const [title, detail] = words(t)
  return { title, detail }
}

function words({ code, detail }: Trouble): [string, string] {
  switch (code) {
    case 'wrong-password':
      if (detail?.until) return [say('el.w.wrong'), say('el.w.wrong.rest', { until: sayTime(detail.until) })]
      return [say('el.w.wrong'), detail?.left ? say('el.w.wrong.left', { left: detail.left }) : say('el.w.wrong.do')]
    case 'locked':
      return [say('el.w.locked'), say('el.w.locked.do', { until: detail?.until ? sayTime(detail.until) : '' })]
    case 'storage':
      return [say('el.w.storage'), say('el.w.storage.do')]
    case 'not-found':
      return [say('el.w.gone'), say('el.w.gone.do')]
    case 'exists':
      return [say('el.w.exists'), say('el.w.exists.do')]
    case 'password':
      return [say('el.w.rules'), say('el.w.rules.do')]
    case 'key-mismatch':
      return [say('el.w.mismatch'), say('el.w.mismatch.do')]
    case 'expired':
      return [say('el.w.expired'), say('el.w.expired.do')]
    case 'too-large':
      return [say('el.w.large'), say('el.w.large.do')]
    case 'unsupported':
    case 'iterations':
      return [say('el.w.unsupported'), say('el.w.unsupported.do')]
    case 'format':
    case 'signature':
    case 'digest':
    case 'no-content':
      return [say('el.w.format'), say('el.w.format.do')]
  }
}
