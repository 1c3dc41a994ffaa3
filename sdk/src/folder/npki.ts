// The NPKI folder, in which the programs of the field keep certificates on a
// disk (KCAC.TS.UI): NPKI/<CA>/USER/<DN>/signCert.der and signPri.key.

import { type Bytes, encode, hex, unpem } from '../asn1/bytes'
import { expect, parse } from '../asn1/der'
import { MAX_KEY_SIZE } from '../crypto/pbes'
import { fail, WalletError } from '../error'
import { keyword } from '../npki/name'
import { sha256 } from '../pfx/sha256'
import { type Certificate, readCertificate } from '../x509/certificate'
import { type File, isZip, MAX_FILE, unzip, zip } from './zip'

/** A certificate with its key file as an NPKI folder holds them, all DER. */
export interface NpkiEntry {
  /** The CA's folder, or the organisation that issued when there is none. */
  ca: string
  /** The subject in the folder form. The certificate tells it; a folder's name is only a label. */
  dn: string
  certificate: Bytes
  /** Encrypted, not looked into. */
  key: Bytes
  /** The pair for encryption, when both are there. */
  kmCertificate?: Bytes
  kmKey?: Bytes
}

const MAX_CERTIFICATES = 1024
const MAX_NAME = 255 // bytes, of all common file systems
const MAX_CA = 64

const WANTED = /(?:^|\/)(sign|km)(cert|pri)\.(?:der|key|cer|crt|pem)$/i

/** Whether a path, with "/" between its parts, is one of the four files. */
export const isNpkiFile = (path: string): boolean => WANTED.test(path)

/**
 * Finds certificates with their keys among files: names in any case and Unicode
 * form, DER or PEM; zips are looked into. What can't be read does not keep the
 * others from being found; its error comes only when nothing is found.
 */
export async function readNpki(files: Iterable<File>): Promise<NpkiEntry[]> {
  const folders = new Map<string, Map<string, Bytes>>()
  const entries: NpkiEntry[] = []
  let first: unknown
  const attempt = async (act: () => unknown): Promise<void> => {
    try {
      await act()
    } catch (err) {
      if (!(err instanceof WalletError)) throw err
      first ??= err
    }
  }
  const take = ({ path, bytes }: File, source: number): void => {
    const [name, kind = '', part = ''] = WANTED.exec(path) ?? []
    if (name === undefined) return
    if (bytes.length > MAX_FILE) fail('too-large')
    // Two zips may hold the same folder.
    const dir = source + '\n' + path.slice(0, path.length - name.length)
    if (!folders.has(dir)) folders.set(dir, new Map())
    folders.get(dir)!.set((kind + part).toLowerCase(), bytes)
  }
  let source = 0
  for (const { path, bytes } of files) {
    await attempt(async () => {
      if (!isZip(bytes)) return take({ path: path.replaceAll('\\', '/').normalize(), bytes }, 0)
      source++
      for (const file of await unzip(bytes, isNpkiFile)) await attempt(() => take(file, source))
    })
  }
  for (const [dir, found] of folders) {
    if (!found.has('signcert') || !found.has('signpri')) continue
    if (entries.length === MAX_CERTIFICATES) fail('too-large')
    await attempt(() => entries.push(readEntry(dir, found)))
  }
  if (!entries.length && first) throw first
  return entries
}

function readEntry(dir: string, found: Map<string, Bytes>): NpkiEntry {
  const certificate = readCertificate(found.get('signcert')!)
  const entry: NpkiEntry = {
    ca: /([^/\n]+)\/user\/[^/]*$/i.exec(dir)?.[1] ?? organisation(certificate),
    dn: certificate.subject.normalize(),
    certificate: certificate.der,
    key: readKey(found.get('signpri')!),
  }
  try {
    const [kmCertificate, kmKey] = [found.get('kmcert'), found.get('kmpri')]
    if (kmCertificate && kmKey) Object.assign(entry, { kmCertificate: readCertificate(kmCertificate).der, kmKey: readKey(kmKey) })
  } catch {
    // A pair for encryption that is damaged is no reason to do without the other.
  }
  return entry
}

function readKey(file: Bytes): Bytes {
  const der = unpem(file)
  return der.length > MAX_KEY_SIZE ? fail('too-large') : expect(parse(der), 0x30).raw
}

const organisation = (c: Certificate): string => c.issuerName.find((a) => keyword(a.type) === 'o')?.value ?? ''

/**
 * A zip with one certificate's folder, as every program of the field finds it
 * once it is unpacked: NPKI/<CA>/USER/<DN>/. Files are stored as they are.
 */
export function writeNpkiZip(entry: Omit<NpkiEntry, 'dn'> & { dn?: string }, at?: Date): Bytes {
  const { certificate, key, kmCertificate, kmKey } = entry
  const own = readCertificate(certificate)
  const ca = (entry.ca || organisation(own)).normalize().replace(/[^\p{L}\p{Nd}_-]/gu, '_')
  const dir = `NPKI/${cut(ca, MAX_CA) || fail('format')}/USER/${folderName(own)}/`
  const files: [string, Bytes | undefined][] = [
    ['signCert.der', own.der],
    ['signPri.key', key],
    ['kmCert.der', kmCertificate],
    ['kmPri.key', kmKey],
  ]
  return zip(files.flatMap(([name, bytes]) => (bytes ? [{ path: dir + name, bytes }] : [])), at)
}

/**
 * The name of a certificate's folder: its subject with the values as they are.
 * What some file system can't hold becomes an underscore, and an over-long name
 * is cut; a name changed this way ends in a hash, so that two never meet. The
 * same as the command line's.
 */
export function folderName({ subjectName, rawSubject }: Certificate): string {
  if (!subjectName.length) fail('format')
  const plain = subjectName.map((a) => keyword(a.type) + '=' + a.value).reverse().join(',').normalize()
  // Windows drops a dot or a blank at the end.
  const name = plain.replace(/[/\\:*?"<>|\ufffd\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu, '_').replace(/[. ]$/, '_')
  if (name === plain && encode(name).length <= MAX_NAME) return name
  const tail = '~' + hex(sha256(rawSubject).subarray(0, 4))
  return cut(name, MAX_NAME - tail.length) + tail
}

/** Shortens a text to at most so many bytes of UTF-8, between two characters. */
function cut(text: string, size: number): string {
  let out = ''
  for (const c of text) {
    size -= encode(c).length
    if (size < 0) break
    out += c
  }
  return out
}
