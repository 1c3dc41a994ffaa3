// From what a person picks or drops to certificates that the wallet can add.

import type { Bytes } from '../asn1/bytes'
import { WalletError } from '../error'
import { readNpki } from '../folder/npki'
import { readCertificate, type Certificate } from '../x509/certificate'
import type { Item } from './wallet'

/** A certificate with key that was found, or a PFX file, which opens only with its password. */
export type Found =
  | { kind: 'npki'; path: string; item: Item; certificate: Certificate }
  | { kind: 'pfx'; path: string; file: Bytes }

const WANTED = /\.(der|key|cer|crt|pem|zip|pfx|p12)$/i
const MAX_FILES = 5000
const MAX_SEEN = 100_000 // of a folder that was dropped, wanted or not
const MAX_FILE = 64 << 20
const MAX_ALL = 256 << 20

/**
 * Looks for certificates with keys in files, folders and zips: the `files` of
 * an `<input type="file">` (with `webkitdirectory` for folders), or the
 * `dataTransfer` of a drop. Nothing is opened and nothing leaves the page. Call
 * it at once in the drop's handler: a browser forgets the files afterwards.
 */
export async function find(source: Iterable<File> | DataTransfer): Promise<Found[]> {
  const files = 'items' in source ? await dropped(source) : [...source].map((file) => ({ path: pathOf(file), file }))
  const read: { path: string; bytes: Bytes }[] = []
  const found: Found[] = []
  const pfx: Found[] = []
  let size = 0
  let unread = false
  for (const { path, file } of files.filter(({ path }) => WANTED.test(path)).slice(0, MAX_FILES)) {
    if (file.size > MAX_FILE || (size += file.size) > MAX_ALL) throw new WalletError('too-large')
    const buffer = await file.arrayBuffer().catch(() => undefined)
    if (!buffer) {
      unread = true // in use, not ours to read, or the stick was pulled out
      continue
    }
    const bytes = new Uint8Array(buffer)
    if (/\.(pfx|p12)$/i.test(path)) pfx.push({ kind: 'pfx', path, file: bytes })
    else read.push({ path, bytes })
  }
  try {
    for (const { dn, ...item } of await readNpki(read)) {
      found.push({ kind: 'npki', path: dn, item, certificate: readCertificate(item.certificate) })
    }
  } catch (cause) {
    if (!pfx.length) throw cause
  }
  if (unread && !found.length && !pfx.length) throw new WalletError('format')
  return [...found, ...pfx]
}

const pathOf = (file: File): string => file.webkitRelativePath || file.name

async function dropped(transfer: DataTransfer): Promise<{ path: string; file: File }[]> {
  // Both are asked before the first await: afterwards the list is empty.
  const roots = [...transfer.items].map((item) => item.webkitGetAsEntry())
  const plain = [...transfer.files].map((file) => ({ path: pathOf(file), file }))
  if (!roots.some((root) => root?.isDirectory)) return plain
  const out: { path: string; file: File }[] = []
  let seen = 0
  const walk = async (entry: FileSystemEntry): Promise<void> => {
    if (++seen > MAX_SEEN) return
    if (entry.isFile) {
      if (!WANTED.test(entry.name)) return
      const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
      out.push({ path: entry.fullPath, file })
      return
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader()
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
      if (!some.length) return
      for (const one of some) await walk(one).catch(() => undefined) // what can't be read is passed over
    }
  }
  for (const root of roots) if (root) await walk(root).catch(() => undefined)
  return out
}
