import type { Certificate, Entry, Found, Unfinished, Wallet } from '@ingam/wallet'
import type { SignOptions } from '@ingam/wallet'
import { useWallet } from '../wallet/open'

/** When it is in the gallery. Today's picture is tomorrow's. */
const NOW = Date.UTC(2027, 2, 14, 5, 20)
const DAY = 86_400_000
const LONG = '김하늘바다별빛나라초롱초롱고운우리강산이' // 20 letters

const Real = Date

/** Stops the clock of this page. */
function stopClock(): void {
  globalThis.Date = new Proxy(Real, {
    construct: (target, args: []) => (args.length ? new target(...args) : new target(NOW)),
    get: (target, name) => (name === 'now' ? () => NOW : Reflect.get(target, name)),
  })
}

interface Sort {
  owner?: string
  name?: string
  ca?: string
  policy?: string
  /** Days from now. */
  from?: number
  to?: number
  imported?: boolean
  weak?: boolean
  noR?: boolean
  temporary?: boolean
  locked?: boolean
  replaced?: boolean
}

let counter = 0

/** An entry that nobody could sign with: there is no key behind it. */
function entry(s: Sort): Entry {
  const n = ++counter
  const owner = s.owner ?? '홍길동'
  return {
    id: n.toString(16).padStart(32, '0'),
    name: s.name ?? owner,
    certificate: certificate(n, owner, s),
    ca: s.ca ?? 'INGAM',
    addedAt: new Real(NOW - 40 * DAY),
    encryption: s.weak ? { scheme: 'seed15', iterations: 2048, weak: true } : { scheme: 'pbes2-aes256', iterations: 600_000, weak: false },
    hasR: !s.noR,
    source: s.imported ? 'imported' : 'issued',
    temporary: !!s.temporary,
    ...(s.replaced && { replacedBy: '1'.padStart(32, '0') }),
    ...(s.locked && { lockedUntil: new Real(NOW + 240_000) }),
  }
}

function certificate(n: number, owner: string, s: Sort): Certificate {
  const day = (days: number, second: number) => new Real(Math.floor(NOW / DAY + days) * DAY + 15 * 3_600_000 + second * 1000)
  const to = s.to ?? 212
  const ca = (s.ca ?? 'ingam').toLowerCase()
  return {
    serial: (0x5c3a91e07f24n * 65536n + BigInt(4096 + n * 37)).toString(16),
    issuer: `cn=${s.ca ?? 'Ingam'} CA Class 1,ou=AccreditedCA,o=${ca},c=kr`,
    subject: `cn=${owner}()000104620270314000${n},ou=INGAM,ou=personal,o=${ca},c=kr`,
    cn: `${owner}()000104620270314000${n}`,
    owner,
    notBefore: day((s.from ?? to - 365) - 1, 0),
    notAfter: day(to - 1, -1),
    policies: [s.policy ?? '2.999.410.1.1.4'],
    usage: { sign: true, encrypt: false, ca: false },
    fingerprint: async () => '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  } as unknown as Certificate
}

/** What a wallet of the gallery holds. */
export const holdings = {
  none: () => [],
  one: () => [entry({})],
  three: () => [entry({}), entry({ to: 7, name: '회사 노트북용', policy: '2.999.410.1.1.1' }), entry({ to: -40, name: '작년 인증서' })],
  expired: () => [entry({ to: -40 })],
  /** Whatever one certificate can be, each once. */
  sorts: () => [
    entry({}),
    entry({ to: 7, policy: '2.999.410.1.1.1' }),
    entry({ to: -40 }),
    entry({ locked: true, name: '잠시 쉬는 것' }),
    entry({ temporary: true, to: 365 }),
    entry({ owner: LONG, name: LONG, policy: '2.999.410.1.1.1' }),
    entry({ ca: 'yessign', policy: '1.2.410.200005.1.1.1', imported: true, weak: true, noR: true, to: 120 }),
    entry({ from: 1, to: 366, name: '내일부터 쓸 것' }),
    entry({ replaced: true, to: 5, name: '갱신하기 전 것' }),
  ],
  thirty: () => [
    entry({}),
    entry({ to: 7, policy: '2.999.410.1.1.1' }),
    ...Array.from({ length: 28 }, (_, i) => entry({ to: -90 - 160 * i, imported: i % 3 === 0, ca: i % 3 === 0 ? 'yessign' : 'INGAM' })),
  ],
}

export type Holding = keyof typeof holdings

/** An error as the wallet throws it. */
function walletError(code: string, detail?: object): Error {
  return Object.assign(new Error(code), { name: 'WalletError', code, detail })
}

/** A wallet without a key: it lists, and takes one password for wrong and any other for right. */
export function keepingOf(entries: Entry[], waiting: Unfinished[] = []): Wallet {
  const open = async (_id: string, password: string) => {
    if (password === WRONG) throw walletError('wrong-password', { left: 3 })
  }
  return {
    list: async () => entries,
    unfinished: async () => waiting,
    discard: async () => undefined,
    subscribe: () => () => undefined,
    async sign(id: string, password: string, _content: unknown, _o?: SignOptions) {
      await open(id, password)
      return new Uint8Array(2000)
    },
    exportZip: async (id: string, password: string) => (await open(id, password), new Uint8Array(1)),
    exportPfx: async (id: string, password: string) => (await open(id, password), new Uint8Array(1)),
    add: async (_item: unknown, password: string) => (await open('', password), entries[0]),
    addPfx: async (_file: unknown, password: string) => (await open('', password), entries),
    changePassword: open,
    rename: async () => undefined,
    remove: async () => undefined,
    keep: async () => undefined,
  } as unknown as Wallet
}

/** The password that every certificate of the gallery takes for wrong. */
export const WRONG = 'Wrong-2027!'

/** Lends the page a wallet, one with a key that waits if asked for; gives what it holds. To be called before the page's own script runs. */
export function lend(holding: Holding, waiting = false): Entry[] {
  stopClock()
  const entries = holdings[holding]()
  useWallet(Promise.resolve(keepingOf(entries, waiting ? [{ application: '00', ca: 'INGAM', begunAt: new Real(NOW - DAY), keyHash: '00' }] : [])))
  return entries
}

/** A browser that keeps nothing. */
export function lendNone(): void {
  useWallet(Promise.reject(walletError('storage')))
}

/** What a search may find: one of a folder, one of a file. */
export function findings(): Found[] {
  const bytes = new Uint8Array(1)
  const one = certificate(90, '홍길동', { ca: 'yessign', policy: '1.2.410.200005.1.1.4', to: 120 })
  const old = certificate(91, LONG, { ca: 'SignKorea', policy: '1.2.410.200004.5.1.1.5', to: -12 })
  return [
    { kind: 'npki', certificate: one, item: { certificate: bytes, key: bytes, ca: 'yessign' } },
    { kind: 'npki', certificate: old, item: { certificate: bytes, key: bytes, ca: 'SignKorea' } },
    { kind: 'pfx', path: '홍길동 2027-07-12.pfx', file: bytes },
  ] as unknown as Found[]
}
