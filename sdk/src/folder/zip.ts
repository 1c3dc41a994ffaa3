import { type Bytes, concat } from '../asn1/bytes'
import { fail } from '../error'

/** A file with its path, parts separated by "/". */
export interface File {
  path: string
  bytes: Bytes
}

/** Bounds on an archive from outside, in bytes. */
export const MAX_ZIP = 64 << 20
export const MAX_ENTRIES = 1 << 14
export const MAX_FILE = 64 << 10
export const MAX_TOTAL = 8 << 20
/** Above this many bytes out of one, an entry is made to blow up, not to hold keys. */
export const MAX_RATIO = 100

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const UTF8_NAME = 0x800

const CRC = Int32Array.from({ length: 256 }, (_, n) => {
  for (let i = 0; i < 8; i++) n = (n >>> 1) ^ (-(n & 1) & 0xedb88320)
  return n
})

function crc32(bytes: Uint8Array): number {
  let c = -1
  for (const b of bytes) c = (c >>> 8) ^ CRC[(c ^ b) & 255]!
  return ~c >>> 0
}

/** Whether these bytes begin as a zip does. */
export const isZip = (b: Uint8Array) => b[0] === 0x50 && b[1] === 0x4b && (b[2] === 3 || b[2] === 5)

/**
 * The files of a zip that `want` takes by their path; the others are not even
 * inflated. Stored and deflated entries, names in UTF-8 or CP949.
 *
 * Errors: format (damaged, not a zip), too-large (beyond the bounds above),
 * unsupported (zip64, encrypted, split or another method).
 */
export async function unzip(zip: Bytes, want: (path: string) => boolean): Promise<File[]> {
  if (zip.length > MAX_ZIP) fail('too-large')
  const view = new DataView(zip.buffer, zip.byteOffset, zip.length)
  const end = findEnd(view)
  const count = view.getUint16(end + 10, true)
  const size = view.getUint32(end + 12, true)
  const start = end - size
  // Offsets count from the archive's first byte; something may stand before it.
  const base = start - view.getUint32(end + 16, true)
  if (count === 0xffff || view.getUint16(end + 8, true) !== count) fail('unsupported')
  if (base < 0) fail('format')
  if (count > MAX_ENTRIES) fail('too-large')
  const out: File[] = []
  let total = 0
  for (let i = 0, at = start; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== CENTRAL) fail('format')
    const nameEnd = at + 46 + view.getUint16(at + 28, true)
    const next = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    if (next > end) fail('format')
    const path = pathOf(view, zip.subarray(at + 46, nameEnd), at, nameEnd)
    if (!path.endsWith('/') && want(path)) {
      total += view.getUint32(at + 24, true)
      if (total > MAX_TOTAL) fail('too-large')
      out.push({ path, bytes: await content(zip, view, at, base, start) })
    }
    at = next
  }
  return out
}

/** The end record: the last one whose comment reaches to the end of the file. */
function findEnd(view: DataView): number {
  const last = view.byteLength - 22
  for (let at = last; at >= 0 && at >= last - 0xffff; at--) {
    if (view.getUint32(at, true) === END && at + view.getUint16(at + 20, true) === last) return at
  }
  return fail('format')
}

/**
 * Names without the UTF-8 flag: Info-ZIP's Unicode path if it is there, UTF-8 if
 * it can be, else what Korean Windows writes.
 */
function pathOf(view: DataView, name: Uint8Array, at: number, extra: number): string {
  const extraEnd = extra + view.getUint16(at + 30, true)
  for (let p = extra; p + 4 <= extraEnd; p += 4 + view.getUint16(p + 2, true)) {
    const size = view.getUint16(p + 2, true)
    if (view.getUint16(p, true) === 0x7075 && size > 5 && p + 4 + size <= extraEnd && view.getUint32(p + 5, true) === crc32(name)) {
      name = new Uint8Array(view.buffer, view.byteOffset + p + 9, size - 5)
    }
  }
  let path
  try {
    path = new TextDecoder('utf-8', { fatal: true }).decode(name)
  } catch {
    path = new TextDecoder('euc-kr').decode(name)
  }
  return path.replaceAll('\\', '/').normalize()
}

async function content(zip: Bytes, view: DataView, at: number, base: number, end: number): Promise<Bytes> {
  const packed = view.getUint32(at + 20, true)
  const size = view.getUint32(at + 24, true)
  const method = view.getUint16(at + 10, true)
  const local = base + view.getUint32(at + 42, true)
  if (view.getUint16(at + 8, true) & 1 || (method && method !== 8) || packed === 0xffffffff) fail('unsupported')
  if (size > MAX_FILE || size > packed * MAX_RATIO) fail('too-large')
  if (local + 30 > end || view.getUint32(local, true) !== LOCAL) fail('format')
  const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
  if (from + packed > end) fail('format')
  const data = zip.slice(from, from + packed)
  const bytes = method ? await inflate(data, size) : data
  if (bytes.length !== size || crc32(bytes) !== view.getUint32(at + 16, true)) fail('format')
  return bytes
}

/** Inflates to exactly `size` bytes; stops as soon as there would be more. */
async function inflate(data: Bytes, size: number): Promise<Bytes> {
  const reader = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  const out = new Uint8Array(size)
  let n = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      out.set(value, n) // throws when it does not fit
      n += value.length
    }
  } catch {
    reader.cancel().catch(() => {})
    fail('format')
  }
  return n === size ? out : fail('format')
}

/**
 * A zip of stored files, names in UTF-8 and flagged so, for the owner alone
 * where the file system knows that.
 */
export function zip(files: File[], at = new Date()): Bytes {
  const time = (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1)
  const day = (Math.max(at.getFullYear() - 1980, 0) << 9) | ((at.getMonth() + 1) << 5) | at.getDate()
  const locals: Uint8Array[] = []
  const centrals: Uint8Array[] = []
  let offset = 0
  for (const { path, bytes } of files) {
    const name = new TextEncoder().encode(path)
    const common = [20, UTF8_NAME, 0, time, day, [crc32(bytes)], [bytes.length], [bytes.length], name.length, 0]
    const local = record([[LOCAL], ...common])
    locals.push(local, name, bytes)
    centrals.push(record([[CENTRAL], 0x314, ...common, 0, 0, 0, [0o100600 << 16], [offset]]), name)
    offset += local.length + name.length + bytes.length
  }
  const size = centrals.reduce((n, b) => n + b.length, 0)
  const end = record([[END], 0, 0, files.length, files.length, [size], [offset], 0])
  return concat(...locals, ...centrals, end)
}

/** Fields of a record: numbers are 16 bits, those in brackets 32. */
function record(fields: (number | number[])[]): Uint8Array {
  return Uint8Array.from(fields.flatMap((f) => {
    const [n, size] = typeof f === 'number' ? [f, 2] : [f[0]!, 4]
    return Array.from({ length: size }, (_, i) => n >>> (8 * i))
  }))
}
