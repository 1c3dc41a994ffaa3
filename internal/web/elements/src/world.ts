import type { PasswordProblem, Wallet } from '@ingam/wallet'
import { api, type Api } from './api'
import { keepOffline } from './offline'

/** What of the wallet the issuing pages need. */
export type Keys = Pick<Wallet, 'begin' | 'pending' | 'unfinished' | 'replaced' | 'discard' | 'finish' | 'list' | 'keep' | 'remove' | 'exportZip' | 'exportPfx'>

/** The rules that a new password breaks. */
export type Rules = (password: string) => PasswordProblem[]

/** All that an element asks of what is around it. Each takes it as its property `world`. */
export interface World {
  api: Api
  /** Whether the browser makes keys for this address: only over https, or on the machine itself. */
  secure: boolean
  wallet(): Promise<{ keys: Keys; rules: Rules }>
  /** Runs one act at a time over all tabs; `waiting` is told when another tab is at it. */
  alone<T>(name: string, work: () => Promise<T>, waiting: () => void): Promise<T>
  /** Asks the browser not to clear what is kept here. */
  persist(): Promise<boolean>
  /** Has the wallet open without a network from now on. */
  offline(): Promise<void>
  /** Goes to a page; the one that is left is not come back to. */
  go(path: string): void
  /** Hands a file to the person. */
  save(file: Blob, name: string): void
}

let opened: Promise<{ keys: Keys; rules: Rules }> | undefined

async function open(): Promise<{ keys: Keys; rules: Rules }> {
  const { Wallet, passwordProblems } = await import('@ingam/wallet')
  return { keys: await Wallet.open(), rules: passwordProblems }
}

async function alone<T>(name: string, work: () => Promise<T>, waiting: () => void): Promise<T> {
  if (!navigator.locks) return work()
  const NOT_NOW = Symbol('taken')
  const now = await navigator.locks.request(name, { ifAvailable: true }, async (lock) => (lock ? work() : NOT_NOW))
  if (now !== NOT_NOW) return now as T
  waiting()
  return (await navigator.locks.request(name, work)) as T
}

/** Hands a file to the person, under a name of its own. */
export function save(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000) // some browsers read it only later
}

/** This browser and this service. */
export const world: World = {
  api,
  secure: globalThis.isSecureContext && !!globalThis.crypto?.subtle,
  wallet() {
    opened ??= open()
    opened.catch(() => { opened = undefined }) // the next try is a new one
    return opened
  },
  alone,
  async persist() {
    return (await navigator.storage?.persist?.().catch(() => false)) ?? false
  },
  offline: keepOffline,
  go: (path) => location.replace(path),
  save,
}
