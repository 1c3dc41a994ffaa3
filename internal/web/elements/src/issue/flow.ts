import type { Entry } from '@ingam/wallet'
import { base64, bytes, ProblemError, problem, type Problem } from '../api'
import { aboutOld, walletCode } from '../trouble'
import type { Keys, Rules, World } from '../world'

/** Where the certificate is to be afterwards. */
export type Medium = 'browser' | 'file'

/** How the issue stands. */
export type State =
  | { at: 'opening' }
  | { at: 'idle'; problem?: Problem; old?: boolean }
  /** A key was made before and waits: its password opens it. `old`: the problem is the password of the certificate to be renewed. */
  | { at: 'resume'; problem?: Problem; old?: boolean }
  /** The certificate to be renewed is not in this browser. `other`: another one was brought in. */
  | { at: 'missing'; other?: boolean }
  /** Another tab makes the key at this moment. */
  | { at: 'waiting' }
  | { at: 'making'; step: Step }
  | { at: 'sending' }
  | { at: 'storing' }
  /** `fresh`: only a new key helps. */
  | { at: 'failed'; problem: Problem; fresh: boolean }
  /** The application has ended; a new one is needed. */
  | { at: 'ended'; problem: Problem }
  /** The certificate was issued for a key that is not in this browser. */
  | { at: 'elsewhere' }
  | { at: 'blocked'; why: 'insecure' | 'storage' }
  | { at: 'done' }

export type Step = 'open' | 'key' | 'seal' | 'request'

/** The note of keys that are gone on with by codes. */
export const BY_CODES = 'codes'

/** What the request of a renewal comes in. */
const SIGNED = 'application/pkcs7-mime'

/** The service's answer to "may I make a key". */
interface KeyRequest {
  challenge: string
  kmCertificate: string
  minBits: number
  ca: string
}

/** A certificate as the service gives it. */
export interface Issued {
  serial: string
  certificate: string
  chain: string[]
}

// Numbers of refusals that this page has an answer to.
const ISSUED = 2105
const CHANGED = 2106
const OTHER_KEY = 4004
const OLD_KM = 4003
const UNSIGNED = 2146 // not by the certificate that is to be renewed
const BAD_KEY = [4002, 4005, 2142, 2143, 2144, 2145]
const STEP_BEFORE = [2131, 2132, 2133]
const NOBODY = 401
const GONE = 410

/**
 * From a password to a certificate in this browser's wallet. The key is stored,
 * sealed, before anything is sent, so that whatever is lost on the way is asked
 * for again with the same key: the service gives the same certificate.
 */
export class Issue {
  state: State = { at: 'opening' }
  rules: Rules | undefined
  #keys: Keys | undefined
  #wanted: KeyRequest | undefined
  #request: Uint8Array | undefined
  /** The wallet's entry of the certificate to be renewed. */
  #old: string | undefined

  /**
   * `renews`: the serial of the certificate to be renewed, if it is a renewal.
   * `codes`: codes of a branch opened the page, and lead back to it.
   */
  constructor(
    readonly world: World,
    readonly application: string,
    readonly ca: string,
    readonly changed: () => void,
    readonly renews = '',
    readonly codes = false,
  ) {}

  /** Sees how things stand: nothing made yet, a key that waits, or a certificate. */
  async open(): Promise<void> {
    this.#set({ at: 'opening' })
    if (!this.world.secure) return this.#set({ at: 'blocked', why: 'insecure' })
    try {
      const { keys, rules } = await this.world.wallet()
      this.#keys = keys
      this.rules = rules
      const waits = await keys.pending(this.application)
      this.#wanted = await this.#ask()
      if (this.renews && !(await this.#findOld(keys))) return this.#set({ at: 'missing' })
      this.#set({ at: waits ? 'resume' : 'idle' })
    } catch (e) {
      await this.#failed(e)
    }
  }

  /** Looks once more for the certificate to be renewed, after one was brought in. */
  async added(): Promise<void> {
    await this.open()
    if (this.state.at === 'missing') this.#set({ at: 'missing', other: true })
  }

  /** The entry to be renewed: the one that a waiting key was made for, or that of the serial. */
  async #findOld(keys: Keys): Promise<string | undefined> {
    const waiting = (await keys.unfinished()).find(({ application }) => application === this.application)
    this.#old = waiting?.replaces ?? (await find(keys, this.renews))?.id
    return this.#old
  }

  /**
   * Makes the key, or opens the one that waits, and gets its certificate. In a
   * renewal `old` is the password of the certificate to be renewed.
   */
  async submit(password: string, medium: Medium, old = ''): Promise<void> {
    if (medium === 'browser') void this.world.persist()
    await this.#alone(async () => {
      const wanted = this.#wanted ?? (await this.#ask())
      this.#set({ at: 'making', step: this.renews ? 'open' : 'key' })
      const { request } = await this.#wallet().begin({
        application: this.application,
        challenge: wanted.challenge,
        kmCertificate: bytes(wanted.kmCertificate),
        bits: wanted.minBits,
        ca: wanted.ca || this.ca,
        password,
        ...(this.#old && { replaces: { id: this.#old, password: old } }),
        temporary: medium === 'file',
        ...(this.codes && { note: BY_CODES }),
        onProgress: (step) => this.#set({ at: 'making', step }),
      })
      this.#request = request
      await this.#send(request)
    })
  }

  /** Goes on where it stopped. */
  async again(): Promise<void> {
    const request = this.#request
    if (!request) return this.open()
    await this.#alone(() => this.#send(request))
  }

  /** Throws away the key that waits, unless its certificate is there already. */
  async fresh(): Promise<void> {
    await this.#alone(async () => {
      this.#wanted = await this.#ask() // a certificate that was issued is found here
      await this.#wallet().discard(this.application)
      this.#request = undefined
      this.#set({ at: 'idle' })
    })
  }

  async #alone(work: () => Promise<void>): Promise<void> {
    try {
      await this.world.alone('ingam-issue:' + this.application, work, () => {
        this.#wanted = undefined // once the other is done, the bank is asked how things stand
        this.#set({ at: 'waiting' })
      })
    } catch (e) {
      await this.#failed(e)
    }
  }

  #ask(): Promise<KeyRequest> {
    return this.world.api.post<KeyRequest>(this.#path('key-request'), {}, { again: true })
  }

  async #send(request: Uint8Array): Promise<void> {
    this.#set({ at: 'sending' })
    const body = { csr: base64(request), ...(this.renews && { type: SIGNED }) }
    const issued = await this.world.api.post<Issued>(this.#path('certificate'), body, { again: true, timeout: 40_000 })
    this.#set({ at: 'storing' })
    await this.#wallet().finish(this.application, bytes(issued.certificate), issued.chain.map(bytes))
    this.#done()
  }

  /** The application has its certificate: for the key here, or for another. */
  async #settle(): Promise<void> {
    this.#set({ at: 'storing' })
    const found = await settle(this.world, this.#wallet(), this.application)
    if (!found) return this.#set({ at: 'elsewhere' })
    this.#done()
  }

  #done(): void {
    this.#request = undefined
    this.#set({ at: 'done' })
    this.world.go(`/apply/${this.application}/done`)
  }

  async #failed(e: unknown): Promise<void> {
    const words = problem(e)
    if (e instanceof ProblemError) return this.#refused(e, words)
    switch (walletCode(e)) {
      case 'wrong-password':
      case 'locked':
        if (!aboutOld(e)) return this.#set({ at: 'resume', problem: words })
        return this.#set({ at: (await this.#waits()) ? 'resume' : 'idle', problem: words, old: true })
      case 'not-found':
        return this.#set({ at: 'missing' })
      case 'password':
        return this.#set({ at: 'idle', problem: words })
      case 'storage':
        if (!this.#keys) return this.#set({ at: 'blocked', why: 'storage' })
        return this.#set({ at: 'failed', problem: words, fresh: false })
      case 'key-mismatch':
        return this.#set({ at: 'elsewhere' })
      default:
        return this.#set({ at: 'failed', problem: words, fresh: false })
    }
  }

  async #refused(e: ProblemError, words: Problem): Promise<void> {
    const code = e.code ?? 0
    if (code === ISSUED || code === OTHER_KEY) return this.#settleOr(words)
    if (e.status === NOBODY) this.#request = undefined // the page leads to the login
    if (STEP_BEFORE.includes(code)) return this.world.go(`/apply/${this.application}`)
    if (e.status === GONE) {
      await this.#keys?.discard(this.application).catch(() => undefined)
      return this.#set({ at: 'ended', problem: words })
    }
    if (code === CHANGED || code === OLD_KM || code === UNSIGNED) {
      this.#wanted = this.#request = undefined
      if (await this.#waits()) return this.#set({ at: 'resume', problem: words })
    }
    this.#set({ at: 'failed', problem: words, fresh: BAD_KEY.includes(code) })
  }

  async #waits(): Promise<boolean> {
    return (await this.#keys?.pending(this.application).catch(() => false)) ?? false
  }

  async #settleOr(words: Problem): Promise<void> {
    try {
      await this.#settle()
    } catch (e) {
      // Taken by another key whose certificate is not there either: the words say it.
      this.#set({ at: 'failed', problem: e instanceof ProblemError && e.passing ? e.problem : words, fresh: false })
    }
  }

  #path(last: string): string {
    return `/applications/${encodeURIComponent(this.application)}/${last}`
  }

  #wallet(): Keys {
    if (!this.#keys) throw new Error('the wallet is not open')
    return this.#keys
  }

  #set(state: State): void {
    this.state = state
    this.changed()
  }
}

/**
 * The wallet's entry of an application that has its certificate. When the
 * answer was lost the certificate is fetched again and put beside its key; none
 * when the key is not in this browser.
 */
export async function settle(world: World, keys: Keys, application: string, serial?: string): Promise<Entry | undefined> {
  const here = async (of: string): Promise<Entry | undefined> => {
    const entry = await find(keys, of)
    // A second key, made while the first was certified: no certificate will ever come for it.
    if (entry && (await keys.pending(application))) await keys.discard(application)
    return entry
  }
  const held = serial && (await here(serial))
  if (held) return held
  if (serial && !(await keys.pending(application))) return undefined
  const issued = await world.api.get<Issued>(`/applications/${encodeURIComponent(application)}/certificate`)
  const entry = await here(issued.serial)
  if (entry) return entry
  if (!(await keys.pending(application))) return undefined
  try {
    return await keys.finish(application, bytes(issued.certificate), issued.chain.map(bytes))
  } catch (e) {
    if (walletCode(e) !== 'key-mismatch') throw e
    await keys.discard(application) // a key that no certificate will ever come for
    return undefined
  }
}

async function find(keys: Keys, serial: string): Promise<Entry | undefined> {
  return (await keys.list()).find((e) => e.certificate.serial === serial)
}
