// All that touches an opened key. It runs in the Worker, away from the page's
// scripts and its rendering; what goes in and out can be cloned. Keys are
// opened for one act and wiped; only sealed keys and public bytes come out.

import { copy, wipe, type Bytes } from '../asn1/bytes'
import { sign as signMessage } from '../cms/sign'
import { COMPATIBLE, MODERN, type Encryption } from '../crypto/pbes'
import { WalletError } from '../error'
import { openKey, publicKeyOf, readPrivateKey, sealKey, signer, withR, wipe as drop, type PrivateKey } from '../npki/key'
import { encryptVid, newR } from '../npki/vid'
import { readPfx, writePfx } from '../pfx/pfx'
import { createRequest } from '../pkcs10/request'

/** How a key is sealed, as far as it is shown. */
export type Form = Pick<Encryption, 'scheme' | 'iterations' | 'hash'>

/** A step of making a key, told while it begins; `open` is that of the old key, in a renewal. */
export type Step = 'open' | 'key' | 'seal' | 'request'

/** A key as the wallet keeps it. */
export interface Sealed {
  key: Bytes
  encryption: Form
}

interface Made extends Sealed {
  spki: Bytes
  request: Bytes
}

interface Bound {
  challenge: string
  kmCertificate: Bytes
}

/** The key that a renewal is signed with. */
export interface Old {
  key: Bytes
  password: string
  certificate: Bytes
}

const formOf = ({ scheme, iterations, hash }: Encryption): Form => ({ scheme, iterations, hash })
const formFor = (compatible?: boolean): Encryption => (compatible ? COMPATIBLE : MODERN)

async function opened<T>(key: Bytes, password: string, use: (k: PrivateKey, e: Form) => Promise<T> | T): Promise<T> {
  const k = await openKey(key, password)
  try {
    return await use(k, formOf(k.encryption))
  } finally {
    drop(k)
  }
}

async function requestFor(k: PrivateKey, { challenge, kmCertificate }: Bound): Promise<Bytes> {
  if (!k.r) throw new WalletError('unsupported')
  return copy(await createRequest(k, challenge, await encryptVid(k.r, kmCertificate)))
}

async function newKey(bits: number): Promise<PrivateKey> {
  if (!(bits >= 2048 && bits <= 4096)) throw new WalletError('unsupported')
  const pair = await crypto.subtle.generateKey(
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: bits, publicExponent: Uint8Array.of(1, 0, 1) },
    true,
    ['sign', 'verify'],
  )
  const bare = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey))
  const r = newR()
  try {
    return readPrivateKey(withR(bare, r))
  } finally {
    wipe(bare, r)
  }
}

export const operations = {
  /**
   * Makes a key pair and R, seals them, and writes the request for them. In a
   * renewal the old key signs the request. It is opened first: a wrong password
   * should not cost the making of a key.
   */
  async make(a: Bound & { bits: number; password: string; old?: Old }, tell: (step: Step) => void): Promise<Made> {
    const { old } = a
    if (old) tell('open')
    const witness = old && (await opened(old.key, old.password, signer))
    tell('key')
    const k = await newKey(a.bits)
    try {
      tell('seal')
      const key = copy(await sealKey(k, a.password, MODERN))
      tell('request')
      const bare = await requestFor(k, a)
      const request = witness ? copy(await signMessage(bare, old.certificate, witness)) : bare
      return { key, encryption: formOf(MODERN), spki: copy(publicKeyOf(k.pkcs8)), request }
    } finally {
      drop(k)
    }
  },

  /** The request for a key that was made before. */
  request: (a: Bound & { key: Bytes; password: string }): Promise<Bytes> =>
    opened(a.key, a.password, (k) => requestFor(k, a)),

  /** Opens a key to see that the password is right and what it holds. */
  check: (a: { key: Bytes; password: string }): Promise<{ spki: Bytes; hasR: boolean; encryption: Form }> =>
    opened(a.key, a.password, (k, encryption) => ({ spki: copy(publicKeyOf(k.pkcs8)), hasR: !!k.r, encryption })),

  /** Seals a key with another password or in another form; R stays in it. */
  reseal: (a: { key: Bytes; password: string; newPassword?: string; compatible?: boolean }): Promise<Sealed> =>
    opened(a.key, a.password, async (k) => {
      const form = formFor(a.compatible)
      return { key: copy(await sealKey(k, a.newPassword ?? a.password, form)), encryption: formOf(form) }
    }),

  /** Signs a content; see the wallet's sign for the options. */
  sign: (a: {
    key: Bytes
    password: string
    certificate: Bytes
    content: Bytes
    detached?: boolean
    attributes?: boolean
    signingTime?: Date
    chain?: Bytes[]
  }): Promise<Bytes> =>
    opened(a.key, a.password, async (k) => {
      const { key: _key, password: _password, certificate, content, ...options } = a
      return copy(await signMessage(content, certificate, await signer(k), options))
    }),

  /** Opens a PFX and seals each key in it anew, under `newPassword` if given. */
  async readPfx(a: { file: Bytes; password: string; newPassword?: string }): Promise<
    (Sealed & { certificate: Bytes; chain: Bytes[]; spki: Bytes; hasR: boolean })[]
  > {
    const found = await readPfx(a.file, a.password)
    try {
      const out = []
      for (const { key: k, certificate, chain } of found) {
        out.push({
          key: copy(await sealKey(k, a.newPassword ?? a.password, MODERN)),
          encryption: formOf(MODERN),
          certificate: copy(certificate),
          chain: chain.map(copy),
          spki: copy(publicKeyOf(k.pkcs8)),
          hasR: !!k.r,
        })
      }
      return out
    } finally {
      for (const { key } of found) drop(key)
    }
  },

  /** Writes a PFX, under the key's password; R goes with it. */
  writePfx: (a: { key: Bytes; password: string; certificate: Bytes; chain: Bytes[]; name: string; compatible: boolean }): Promise<Bytes> =>
    opened(a.key, a.password, (key) => writePfx({ ...a, key }, a.password, { compatible: a.compatible })),
}

export type Operations = typeof operations
