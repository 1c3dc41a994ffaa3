// Getting a certificate: the key waits here, sealed, from the moment it is made
// until its certificate has come.

import { copy, equal, hex, type Bytes } from '../asn1/bytes'
import { fail, WalletError, type Code } from '../error'
import type { Connection } from '../worker/client'
import type { Old, Step } from '../worker/operations'
import { readCertificate } from '../x509/certificate'
import { blank, checkNew, idOf } from './entry'
import { guard } from './lockout'
import { done, type Pending, type Record, type Store } from './store'

/** What {@link Wallet.begin} needs: the bank's answer to "may I make a key". */
export interface Begin {
  /** Names the application; the same name again finds the same key. */
  application: string
  /** The bank's challenge, at most 255 bytes; the request is bound to it. */
  challenge: string
  /** The CA's key-management certificate (DER), to which R is encrypted. */
  kmCertificate: Uint8Array
  /** RSA modulus in bits, 2048 to 4096. */
  bits: number
  /** The CA's name as folders have it, e.g. `yessign`. */
  ca: string
  /** The password that will open the key. */
  password: string
  /**
   * A renewal: the entry whose certificate this one takes the place of, and its
   * password, which may be the same as the new one. Its key signs the request.
   */
  replaces?: { id: string; password: string }
  /** The certificate will leave this browser: it is marked until {@link Wallet.keep}. */
  temporary?: boolean
  /** A word of the caller's own for {@link Wallet.unfinished} to give back, such as how to go on. */
  note?: string
  /** Told while each step begins. */
  onProgress?(step: Step): void
}

/** A key of this browser that waits for its certificate. */
export interface Unfinished {
  /** As {@link Begin} named it. */
  application: string
  ca: string
  begunAt: Date
  /** SHA-256 of its SubjectPublicKeyInfo, hex. */
  keyHash: string
  /** As {@link Begin} gave it. */
  note?: string
  /** The entry that it renews. */
  replaces?: string
}

const lockOf = (application: string): string => 'pending:' + application

/** See Wallet.begin. Only one tab at a time makes a key for an application. */
export function begin(store: Store, worker: Connection, o: Begin): Promise<{ request: Bytes }> {
  return alone(o.application, async () => {
    const pending = await pendingOf(store, o.application)
    return pending ? resume(store, worker, pending, o) : make(store, worker, o)
  })
}

async function make(store: Store, worker: Connection, o: Begin): Promise<{ request: Bytes }> {
  const { application, password, bits, ca, replaces, onProgress } = o
  checkNew(password)
  const bound = { challenge: o.challenge, kmCertificate: copy(o.kmCertificate) }
  const key = (old?: Old) => worker.call('make', { ...bound, bits, password, ...(old && { old }) }, onProgress)
  const made = await (replaces ? withOld(store, replaces, key) : key())
  const pending: Pending = {
    application,
    ...bound,
    ...made,
    ...(replaces && { replaces: replaces.id }),
    ca,
    temporary: !!o.temporary,
    ...(o.note && { note: o.note }),
    addedAt: Date.now(),
  }
  await store.run('readwrite', (table) => done(table('pending').add(pending)))
  return { request: made.request }
}

async function resume(store: Store, worker: Connection, pending: Pending, o: Begin): Promise<{ request: Bytes }> {
  const { replaces: was, ...rest } = pending
  const { key, application } = pending
  const { challenge, password, replaces } = o
  const kmCertificate = copy(o.kmCertificate)
  const same = pending.challenge === challenge && equal(pending.kmCertificate, kmCertificate) && was === replaces?.id
  let request = await guard(store, lockOf(application), async () => {
    if (!same) return worker.call('request', { key, password, challenge, kmCertificate })
    await worker.call('check', { key, password })
    return pending.request
  })
  // What the old key signed once is the same as before: it need not be opened, nor be here any more.
  if (!same && replaces) {
    const content = request
    request = await withOld(store, replaces, (old) => worker.call('sign', { ...old, content }))
  }
  const next: Pending = {
    ...rest,
    ...(replaces && { replaces: replaces.id }),
    request,
    challenge,
    kmCertificate,
    temporary: !!o.temporary,
  }
  await store.run('readwrite', async (table) => {
    const still: Pending | undefined = await done(table('pending').get(application))
    // Finished or thrown away in another tab meanwhile: it must not come back.
    if (!still || !equal(still.key, key)) fail('not-found')
    await done(table('pending').put(next))
  })
  return { request }
}

const ABOUT_OLD: Code[] = ['wrong-password', 'locked', 'not-found']

/** Uses the old entry's password, counted by its lock-out; an error says that it was about this one. */
async function withOld<T>(store: Store, { id, password }: { id: string; password: string }, use: (old: Old) => Promise<T>): Promise<T> {
  const record: Record | undefined = await store.run('readonly', (table) => done(table('entries').get(id)))
  try {
    const { key, certificate } = record ?? fail('not-found')
    return await guard(store, id, () => use({ key, password, certificate }))
  } catch (cause) {
    const named = cause instanceof WalletError && ABOUT_OLD.includes(cause.code)
    throw named ? new WalletError(cause.code, { ...cause.detail, entry: id }) : cause
  }
}

/** The key that waits for an application's certificate. */
export function pendingOf(store: Store, application: string): Promise<Pending | undefined> {
  return store.run('readonly', (table) => done(table('pending').get(application)))
}

/** See Wallet.unfinished. */
export async function unfinished(store: Store): Promise<Unfinished[]> {
  const waiting: Pending[] = await store.run('readonly', (table) => done(table('pending').getAll()))
  const found = waiting.map(async ({ application, ca, addedAt, spki, note, replaces }) => ({
    application,
    ca,
    begunAt: new Date(addedAt),
    keyHash: hex(new Uint8Array(await crypto.subtle.digest('SHA-256', spki))),
    ...(note && { note }),
    ...(replaces && { replaces }),
  }))
  return (await Promise.all(found)).sort((a, b) => +b.begunAt - +a.begunAt)
}

/** See Wallet.discard. */
export function discard(store: Store, application: string): Promise<void> {
  return store.run('readwrite', async (table) => {
    await done(table('pending').delete(application))
    await done(table('locks').delete(lockOf(application)))
  })
}

/** See Wallet.finish; `changed` says whether something came into the wallet. */
export async function finish(
  store: Store,
  application: string,
  certificate: Bytes,
  chain: Uint8Array[],
): Promise<{ id: string; changed: boolean }> {
  const id = await idOf(certificate)
  const pending = await pendingOf(store, application)
  if (!pending) return { id, changed: false }
  const { key, encryption, ca, temporary, spki, replaces } = pending
  if (!equal(readCertificate(certificate).spki, spki)) fail('key-mismatch')
  const record: Record = {
    ...blank(id, certificate, chain, ca),
    key,
    encryption,
    temporary,
    hasR: true,
    source: 'issued',
  }
  await store.run('readwrite', async (table) => {
    await done(table('entries').put(record))
    const old: Record | undefined = replaces && (await done(table('entries').get(replaces)))
    if (old) await done(table('entries').put({ ...old, replacedBy: id }))
    await done(table('pending').delete(application))
    await done(table('locks').delete(lockOf(application)))
  })
  return { id, changed: true }
}

/** One at a time for all tabs, where the browser can. */
function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks ? (navigator.locks.request('ingam-wallet:' + name, work) as Promise<T>) : work()
}
