import { copy, encode, equal, unpem, type Bytes } from '../asn1/bytes'
import { WalletError } from '../error'
import { writeNpkiZip } from '../folder/npki'
import { connect, type Connection } from '../worker/client'
import { readCertificate } from '../x509/certificate'
import { blank, caOf, checkNew, entryOf, idOf, label, type Entry } from './entry'
import { begin, discard, finish, pendingOf, unfinished, type Begin, type Unfinished } from './issue'
import { guard } from './lockout'
import { done, openStore, type Lock, type Record, type Store } from './store'

/** A certificate with its key file, as {@link find} gives it. */
export interface Item {
  certificate: Uint8Array
  key: Uint8Array
  ca?: string
  kmCertificate?: Uint8Array | undefined
  kmKey?: Uint8Array | undefined
}

/** How {@link Wallet.sign} signs. The default is what banks take: content inside, no attributes. */
export interface SignOptions {
  /** Leaves the content out of the message. */
  detached?: boolean
  /** Adds signed attributes: type, digest, signing time, ESS signing-certificate-v2. */
  attributes?: boolean
  /** The time that the attributes say; now, when it is left out. */
  signingTime?: Date
  /** Puts the CA's certificates into the message, when the wallet has them. */
  withChain?: boolean
}

/**
 * A person's certificates in this browser. Keys are kept only encrypted under
 * the person's password, opened in a Worker for one act and dropped. Five wrong
 * passwords make a key rest 30 seconds, each further one twice as long, up to
 * half an hour. All tabs of an origin share one wallet.
 *
 * Every method throws {@link WalletError} and nothing else.
 */
export class Wallet {
  readonly #store: Store
  readonly #worker: Connection
  readonly #channel: BroadcastChannel
  readonly #listeners = new Set<() => void>()

  private constructor(store: Store, name: string, workerUrl: string | URL) {
    this.#store = store
    this.#worker = connect(workerUrl)
    this.#channel = new BroadcastChannel(name)
    this.#channel.onmessage = () => this.#tell()
  }

  /**
   * Opens the wallet of this origin, and makes it the first time.
   *
   * @param o.name the database's name; another name is another wallet
   * @param o.workerUrl where ingam-wallet.js is served (same origin). Needed
   *   only when a bundler has put the library into a file of another name.
   */
  static async open(o: { name?: string; workerUrl?: string | URL } = {}): Promise<Wallet> {
    const name = o.name ?? 'ingam-wallet'
    return new Wallet(await openStore(name), name, o.workerUrl ?? import.meta.url)
  }

  /** Lets go of database and Worker. The wallet can't be used any more. */
  close(): void {
    this.#worker.close()
    this.#store.close()
    this.#channel.close()
    this.#listeners.clear()
  }

  /** All certificates, the newest first. */
  async list(): Promise<Entry[]> {
    return this.#store.run('readonly', async (table) => {
      const records: Record[] = await done(table('entries').getAll())
      const locks: Lock[] = await done(table('locks').getAll())
      return records
        .map((record) => entryOf(record, locks.find(({ id }) => id === record.id)))
        .sort((a, b) => b.addedAt.getTime() - a.addedAt.getTime() || (a.id < b.id ? -1 : 1))
    })
  }

  /** One certificate; 'not-found' when there is none of that id. */
  async get(id: string): Promise<Entry> {
    return this.#store.run('readonly', async (table) => {
      const record: Record | undefined = await done(table('entries').get(id))
      if (!record) throw new WalletError('not-found')
      return entryOf(record, await done(table('locks').get(id)))
    })
  }

  /**
   * Makes a key pair and R in the Worker, stores them sealed, and gives the
   * certification request to send. Called again for the same application, after
   * a reload or a lost answer, it gives a request for the same key if the
   * password is the same, and throws 'wrong-password' if it is not.
   *
   * With `replaces` it is a renewal: the request comes as CMS, signed by the
   * old key as `sign` signs without options. An error about the old entry
   * ('wrong-password', 'locked', 'not-found') names it in `detail.entry`.
   */
  async begin(o: Begin): Promise<{ request: Bytes }> {
    const begun = await begin(this.#store, this.#worker, o)
    this.#tellAll()
    return begun
  }

  /** Whether a key was made for this application and waits for its certificate. */
  async pending(application: string): Promise<boolean> {
    return !!(await pendingOf(this.#store, application))
  }

  /**
   * The keys that wait for their certificates, the latest first: whoever left
   * before {@link finish}, or lost the answer, goes on from here.
   */
  async unfinished(): Promise<Unfinished[]> {
    return unfinished(this.#store)
  }

  /** Throws the key away that waits for this application's certificate, if there is one. */
  async discard(application: string): Promise<void> {
    await discard(this.#store, application)
    this.#tellAll()
  }

  /**
   * Puts the certificate that came for an application beside its key. Asking
   * again, after a lost answer, gives the same entry. 'key-mismatch' when the
   * certificate is for another key. An entry that was renewed stays, marked as
   * replaced.
   */
  async finish(application: string, certificate: Uint8Array, chain: Uint8Array[] = []): Promise<Entry> {
    const { id, changed } = await finish(this.#store, application, unpem(certificate), chain)
    if (changed) this.#changed()
    return this.get(id)
  }

  /**
   * Adds a certificate and its key file of any Korean CA. The key is opened
   * once, to see that password and certificate belong to it, and kept in the
   * form it came in, or with `modernise` sealed anew in today's form.
   */
  async add(item: Item, password: string, o: { modernise?: boolean } = {}): Promise<Entry> {
    const der = unpem(item.certificate)
    const key = unpem(item.key)
    const id = await idOf(der)
    const { spki, hasR, encryption } = await this.#worker.call('check', { key, password })
    if (!equal(readCertificate(der).spki, spki)) throw new WalletError('key-mismatch')
    const sealed = o.modernise ? await this.#worker.call('reseal', { key, password }) : { key, encryption }
    const km = item.kmCertificate && item.kmKey && { certificate: unpem(item.kmCertificate), key: unpem(item.kmKey) }
    // Left in the old form it would give away the password, which is mostly the same.
    const kept = km && { km: o.modernise ? await this.#resealed(km, { password }) : km }
    return this.#insert({ ...blank(id, der, [], item.ca ?? ''), ...sealed, ...kept, hasR, source: 'imported' })
  }

  /**
   * Adds all certificates with keys of a PFX (PKCS#12) file. They are sealed
   * under the same password, or under `newPassword`, which a file without a
   * password must have. 'exists' only when all of them were here already.
   */
  async addPfx(file: Uint8Array, password: string, newPassword?: string): Promise<Entry[]> {
    if (newPassword !== undefined || !password) checkNew(newPassword ?? '')
    const found = await this.#worker.call('readPfx', {
      file: copy(file),
      password,
      ...(newPassword !== undefined && { newPassword }),
    })
    const added: Entry[] = []
    for (const { certificate, chain, spki, ...sealed } of found) {
      const read = readCertificate(certificate)
      if (!equal(read.spki, spki)) throw new WalletError('key-mismatch')
      const record: Record = {
        ...blank(await idOf(certificate), certificate, chain, caOf(read.issuer)),
        ...sealed,
        source: 'imported',
      }
      try {
        added.push(await this.#insert(record))
      } catch (cause) {
        if (!(cause instanceof WalletError) || cause.code !== 'exists') throw cause
      }
    }
    if (!added.length) throw new WalletError(found.length ? 'exists' : 'format')
    return added
  }

  /**
   * Signs a content (PKCS#7/CMS SignedData, SHA-256 with RSA). A text is signed
   * as UTF-8. Whether the certificate is expired is the caller's to ask: a
   * signature of an expired one is made here and refused by who verifies.
   */
  async sign(id: string, password: string, content: Uint8Array | string, o: SignOptions = {}): Promise<Bytes> {
    const { withChain, ...options } = o
    const bytes = typeof content === 'string' ? encode(content) : copy(content)
    return this.#open(id, ({ key, certificate, chain }) =>
      this.#worker.call('sign', {
        ...options,
        key,
        password,
        certificate,
        content: bytes,
        ...(withChain && { chain }),
      }),
    )
  }

  /** Gives a certificate another label. */
  async rename(id: string, name: string): Promise<void> {
    await this.#change(id, (record) => ({ ...record, name: label(name) || record.name }))
  }

  /**
   * Marks what is here of a certificate that the bank has revoked because the
   * entry `by` took its place, as after a reissue: that of the same issuer with
   * this serial (hex, as {@link Certificate} has it). Says whether there was one.
   */
  async replaced(serial: string, by: string): Promise<boolean> {
    const { certificate } = await this.get(by)
    const old = (await this.list()).find(
      ({ id, certificate: c }) => id !== by && c.serial === serial.toLowerCase() && equal(c.rawIssuer, certificate.rawIssuer),
    )
    if (old && old.replacedBy !== by) await this.#change(old.id, (record) => ({ ...record, replacedBy: by }))
    return !!old
  }

  /** Keeps a certificate that was meant to leave this browser. */
  async keep(id: string): Promise<void> {
    await this.#change(id, (record) => ({ ...record, temporary: false }))
  }

  /** Deletes certificate and key. There is no way back. */
  async remove(id: string): Promise<void> {
    await this.#store.run('readwrite', async (table) => {
      await done(table('entries').delete(id))
      await done(table('locks').delete(id))
    })
    this.#changed()
  }

  /**
   * Seals the key under another password, in today's form; R stays in it.
   * 'password' with `detail.problems` when the new one breaks the rules.
   */
  async changePassword(id: string, old: string, next: string): Promise<void> {
    checkNew(next)
    const change = { password: old, newPassword: next }
    const { was, sealed, km } = await this.#open(id, async (was) => ({
      was,
      sealed: await this.#worker.call('reseal', { ...change, key: was.key }),
      km: was.km && (await this.#resealed(was.km, change)),
    }))
    await this.#change(id, (record) => {
      // Another tab was quicker: its password stands, this one must not undo it.
      if (!equal(record.key, was.key)) throw new WalletError('wrong-password')
      return { ...record, ...sealed, ...(km && { km }) }
    })
  }

  /**
   * The NPKI folder of a certificate as a zip: NPKI/<CA>/USER/<DN>/signCert.der
   * and signPri.key, under the key's password. The key is sealed in today's
   * form (PBES2, AES-256), or with `compatible` in the old one (SEED, SHA-1,
   * 2,048 rounds) that every Korean program reads but that is quickly guessed.
   */
  async exportZip(id: string, password: string, o: { compatible?: boolean } = {}): Promise<Bytes> {
    return this.#open(id, async ({ certificate, ca, key, km }) => {
      const change = { password, compatible: !!o.compatible }
      const sealed = await this.#worker.call('reseal', { ...change, key })
      const other = km && (await this.#resealed(km, change))
      const { subject, issuer } = readCertificate(certificate)
      return copy(
        writeNpkiZip({
          ca: ca || caOf(issuer),
          dn: subject,
          certificate,
          key: sealed.key,
          ...(other && { kmCertificate: other.certificate, kmKey: other.key }),
        }),
      )
    })
  }

  /**
   * Certificate, key, R and CA certificates as PFX (PKCS#12), under the key's
   * password: with AES-256, or with `compatible` in the old, weak form (3DES,
   * SHA-1, 2,048 rounds) that old programs read.
   */
  async exportPfx(id: string, password: string, o: { compatible?: boolean } = {}): Promise<Bytes> {
    return this.#open(id, ({ key, certificate, chain, name }) =>
      this.#worker.call('writePfx', { key, password, certificate, chain, name, compatible: !!o.compatible }),
    )
  }

  /** Calls `fn` after every change, in whichever tab; gives the way to stop it. */
  subscribe(fn: () => void): () => void {
    this.#listeners.add(fn)
    return () => void this.#listeners.delete(fn)
  }

  /** Uses an entry's password, counted by the lock-out. */
  async #open<T>(id: string, use: (record: Record) => Promise<T>): Promise<T> {
    const record: Record | undefined = await this.#store.run('readonly', (table) => done(table('entries').get(id)))
    if (!record) throw new WalletError('not-found')
    return guard(this.#store, id, () => use(record))
  }

  /** A key-management key usually has the same password; one that has not stays as it is. */
  async #resealed<K extends { key: Bytes }>(km: K, change: { password: string; newPassword?: string; compatible?: boolean }): Promise<K> {
    try {
      return { ...km, key: (await this.#worker.call('reseal', { ...change, key: km.key })).key }
    } catch {
      return km
    }
  }

  async #insert(record: Record): Promise<Entry> {
    await this.#store.run('readwrite', (table) => done(table('entries').add(record)))
    this.#changed()
    return this.get(record.id)
  }

  async #change(id: string, edit: (record: Record) => Record): Promise<void> {
    await this.#store.run('readwrite', async (table) => {
      const record: Record | undefined = await done(table('entries').get(id))
      if (!record) throw new WalletError('not-found')
      await done(table('entries').put(edit(record)))
    })
    this.#changed()
  }

  #tellAll(): void {
    this.#channel.postMessage('')
    this.#tell()
  }

  #changed(): void {
    this.#tellAll()
    // Ask the browser not to clear this away when space is short.
    void navigator.storage?.persist?.().catch(() => false)
  }

  #tell(): void {
    for (const fn of this.#listeners) fn()
  }
}
