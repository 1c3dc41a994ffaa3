import { hex, unpem, type Bytes } from '../asn1/bytes'
import { isWeak, type Encryption } from '../crypto/pbes'
import { WalletError } from '../error'
import { passwordProblems } from '../npki/password'
import { readCertificate, type Certificate } from '../x509/certificate'
import { restsUntil } from './lockout'
import type { Lock, Record } from './store'

/** One certificate of the wallet. Nothing in it is secret. */
export interface Entry {
  /** Names it in this wallet, and in every other: from the certificate's bytes. */
  id: string
  /** The label that the person gave, or the owner's name. */
  name: string
  certificate: Certificate
  /** The CA as folders name it, e.g. `yessign`. */
  ca: string
  addedAt: Date
  /** How its key is sealed; `weak` is the old form, which is quickly guessed. */
  encryption: { scheme: Encryption['scheme']; iterations: number; weak: boolean }
  /** Whether the key holds R, without which the owner can't prove who they are. */
  hasR: boolean
  source: 'issued' | 'imported'
  /** Meant to leave this browser, and not kept yet. */
  temporary: boolean
  /**
   * The entry that took its place: the bank has revoked this one. It may have
   * been removed since.
   */
  replacedBy?: string
  /** Too many wrong passwords: rests until then. */
  lockedUntil?: Date
}

/** What is shown of a record. */
export function entryOf(record: Record, lock?: Lock): Entry {
  const { id, name, ca, hasR, source, temporary, replacedBy } = record
  const { scheme, iterations } = record.encryption
  return {
    id,
    name,
    certificate: readCertificate(record.certificate),
    ca,
    addedAt: new Date(record.addedAt),
    encryption: { scheme, iterations, weak: isWeak(record.encryption) },
    hasR,
    source,
    temporary,
    ...(replacedBy && { replacedBy }),
    ...(lock && lock.until > Date.now() && { lockedUntil: new Date(restsUntil(lock)) }),
  }
}

/** The first half of the certificate's SHA-256, in hex: the same certificate is the same entry. */
export async function idOf(der: Bytes): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', der))).slice(0, 32)
}

/** The CA's name for the folder, from an issuer's name in folder form. */
export function caOf(issuer: string): string {
  return /(?:^|,)o=([^,]+)/.exec(issuer)?.[1] ?? 'ETC'
}

/** A text as a label: files come from anywhere, so without what turns or breaks a line, and not endless. */
export const label = (text: string): string =>
  [...text.replace(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, '').trim()].slice(0, 100).join('')

/** What a record has that comes from the certificate. */
export function blank(id: string, der: Bytes, chain: Uint8Array[], ca: string) {
  const { owner, cn, issuer } = readCertificate(der)
  return {
    id,
    name: label(owner || cn),
    certificate: der,
    chain: chain.map(unpem),
    ca: label(ca || caOf(issuer)),
    addedAt: Date.now(),
    temporary: false,
  }
}

/** Refuses a new password that breaks the rules. */
export function checkNew(password: string): void {
  const problems = passwordProblems(password)
  if (problems.length) throw new WalletError('password', { problems })
}
