import type { Entry, PasswordProblem } from '@ingam/wallet'
import { ProblemError, type Api } from '../api'
import { say } from '../say'
import type { Passkey, PasskeyWorld } from '../passkeys/ceremony'
import type { Keys, World } from '../world'

const never = new Promise<never>(() => undefined)

/** Which step of which element a world stands still at. */
export interface Still {
  /** A key waits for its certificate. */
  pending?: boolean
  /** The wallet's entry, or none. */
  entry?: Entry
  /** Where the making stops for ever. */
  stop?: 'key' | 'seal' | 'request' | 'sending' | 'open'
  refuse?: ProblemError
  secure?: boolean
  noStorage?: boolean
  /** Another tab is at it. */
  taken?: boolean
  /** The password of the certificate to be renewed is wrong. */
  wrongOld?: boolean
}

function walletError(code: string, detail?: object): Error {
  return Object.assign(new Error(code), { name: 'WalletError', code, detail })
}

function keys(s: Still): Keys {
  return {
    async begin(o) {
      if (s.wrongOld) throw walletError('wrong-password', { left: 3, entry: 'gallery' })
      o.onProgress?.(o.replaces ? 'open' : s.stop === 'seal' || s.stop === 'request' ? s.stop : 'key')
      if (s.stop && s.stop !== 'sending') return never
      return { request: new Uint8Array(1) }
    },
    pending: async () => !!s.pending,
    unfinished: async () => [],
    replaced: async () => true,
    discard: async () => undefined,
    finish: () => never,
    list: async () => (s.entry ? [s.entry] : []),
    keep: async () => undefined,
    remove: async () => undefined,
    exportZip: async () => new Uint8Array(1),
    exportPfx: async () => new Uint8Array(1),
  }
}

/** A world without a service, for the issuing pages. */
export function worldOf(s: Still): World {
  const api: Api = {
    get: () => never,
    remove: () => never,
    post: async <T>(path: string): Promise<T> => {
      if (s.refuse) throw s.refuse
      if (s.stop === 'open' || path.endsWith('/certificate')) return never
      return { challenge: 'c', kmCertificate: '', minBits: 2048, ca: 'ingam' } as T
    },
  }
  return {
    api,
    secure: s.secure ?? true,
    async wallet() {
      if (s.noStorage) throw walletError('storage')
      const { passwordProblems } = await import('@ingam/wallet')
      const rules = (p: string): PasswordProblem[] => passwordProblems(p)
      return { keys: keys(s), rules }
    },
    async alone(_, work, waiting) {
      if (!s.taken) return work()
      waiting()
      return never
    },
    persist: async () => true,
    offline: async () => undefined,
    go: () => undefined,
    save: () => undefined,
  }
}

/** A connection that broke. */
export function broken(): ProblemError {
  return new ProblemError('down', { title: say('el.net.down'), detail: say('el.net.down.do') })
}

/** An entry with what the finishing page looks at. */
export function entryOf(serial: string, temporary: boolean): Entry {
  const certificate = { serial, notAfter: new Date('2027-03-14T14:59:59Z') }
  return { id: 'gallery', name: '', ca: 'ingam', temporary, source: 'issued', certificate } as unknown as Entry
}

/** A world of passkeys without a service. */
export function passkeysOf(list: Passkey[], hindrance?: PasskeyWorld['hindrance']): PasskeyWorld {
  return {
    api: { get: async <T>() => ({ passkeys: list }) as T, post: () => never, remove: () => never },
    hindrance,
    register: () => never,
    authenticate: () => never,
    go: () => undefined,
  }
}
