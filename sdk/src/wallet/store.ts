// What the wallet keeps, in IndexedDB. Keys stand here only as encrypted files
// (PKCS#8 EncryptedPrivateKeyInfo); passwords, opened keys and R never do.

import { WalletError } from '../error'
import type { Encryption } from '../crypto/pbes'

type Bytes = Uint8Array<ArrayBuffer>

/** One certificate with its sealed key, as it is stored. */
export interface Record {
  id: string
  name: string
  certificate: Bytes
  chain: Bytes[]
  ca: string
  key: Bytes
  encryption: Pick<Encryption, 'scheme' | 'iterations' | 'hash'>
  hasR: boolean
  addedAt: number
  source: 'issued' | 'imported'
  temporary: boolean
  km?: { certificate: Bytes; key: Bytes }
  /** The entry that took its place. */
  replacedBy?: string
}

/** A sealed key whose certificate has not come yet. */
export interface Pending {
  application: string
  key: Bytes
  spki: Bytes
  /** What is sent: in a renewal, signed by the old key. */
  request: Bytes
  /** The entry that it renews. */
  replaces?: string
  challenge: string
  kmCertificate: Bytes
  encryption: Record['encryption']
  ca: string
  temporary: boolean
  note?: string
  addedAt: number
}

/** Wrong passwords in a row for one key, and until when it rests. */
export interface Lock {
  id: string
  tries: number
  until: number
}

export type Table = 'entries' | 'pending' | 'locks'

/** Gives the store of one table inside a transaction. */
export type Tables = (table: Table) => IDBObjectStore

export interface Store {
  /**
   * Runs `work` in one transaction over all tables. It must await nothing but
   * {@link done} of requests of that transaction. Resolves once it is on disk.
   */
  run<T>(mode: 'readonly' | 'readwrite', work: (table: Tables) => Promise<T>): Promise<T>
  close(): void
}

/** The result of one request. */
export function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** Opens the database `name`, and makes it the first time. */
export async function openStore(name: string): Promise<Store> {
  let db: IDBDatabase | undefined
  const connect = async (): Promise<IDBDatabase> => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => {
      const made = request.result
      made.createObjectStore('entries', { keyPath: 'id' })
      made.createObjectStore('pending', { keyPath: 'application' })
      made.createObjectStore('locks', { keyPath: 'id' })
    }
    const opened = await done(request)
    // Another tab wants to delete or upgrade: let it, and open again when asked.
    const forget = () => {
      opened.close()
      db = undefined
    }
    opened.onversionchange = forget
    opened.onclose = forget
    return opened
  }
  const begin = async (mode: IDBTransactionMode): Promise<IDBTransaction> => {
    db ??= await connect()
    return db.transaction(['entries', 'pending', 'locks'], mode, { durability: 'strict' })
  }
  // A browser may have taken the connection away without a word, as phones do
  // with a page that was out of sight.
  const again = (mode: IDBTransactionMode): Promise<IDBTransaction> => {
    store.close()
    return begin(mode)
  }
  const store: Store = {
    async run(mode, work) {
      try {
        return await within(await begin(mode).catch(() => again(mode)), work)
      } catch (cause) {
        throw cause instanceof WalletError ? cause : new WalletError(isTaken(cause) ? 'exists' : 'storage')
      }
    },
    close() {
      db?.close()
      db = undefined
    },
  }
  await store.run('readonly', async () => undefined)
  return store
}

function isTaken(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'ConstraintError'
}

async function within<T>(tx: IDBTransaction, work: (table: Tables) => Promise<T>): Promise<T> {
  const committed = new Promise<void>((resolve, reject) => {
    tx.oncomplete = () => resolve()
    tx.onabort = () => reject(tx.error)
  })
  committed.catch(() => undefined) // told below, or by what work threw
  try {
    const result = await work((table) => tx.objectStore(table))
    await committed
    return result
  } catch (cause) {
    try {
      tx.abort()
    } catch {
      // it had ended already
    }
    throw cause
  }
}
