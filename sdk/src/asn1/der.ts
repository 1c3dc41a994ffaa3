// A bounded reader and a writer of DER (X.690). The reader is lazy: it looks
// at an element's inside when children() is called, and it never copies.

import { WalletError } from '../error'
import { type Bytes, compare, concat, copy, decode, encode, join } from './bytes'

export { type Bytes, concat }

/** Says that bytes are not the ASN.1 that was expected; its code is `format`. */
export class DerError extends WalletError {
  constructor() {
    super('format')
    this.name = 'DerError'
  }
}

/** Throws a DerError. */
export const bad = (): never => {
  throw new DerError()
}

/** One element. `tag` is its identifier octet: 0x30 a SEQUENCE, 0xa0 a constructed [0]. */
export interface Node {
  readonly tag: number
  /** Where it starts and ends in the bytes that were parsed, and the size of tag and length. */
  readonly start: number
  readonly end: number
  readonly header: number
  /** Its content, and all of it with tag and length: views, not copies. */
  readonly value: Bytes
  readonly raw: Bytes
  /** The elements inside; DerError when it is primitive. */
  children(): Node[]
}

/** Bounds: bytes, elements within elements, elements side by side, and all that are looked at in BER. */
export const MAX_SIZE = 64 << 20
const MAX_DEPTH = 32
const MAX_CHILDREN = 1 << 17
const MAX_ELEMENTS = 1 << 18

/** What is left of the bound, for BER; nothing for DER. */
type Left = { elements: number } | undefined

/**
 * Reads one element, with nothing after it. DER, or with `ber` also
 * indefinite and long-winded lengths. Throws a DerError.
 */
export function parse(bytes: Uint8Array, opts?: { ber?: boolean }): Node {
  if (bytes.length > MAX_SIZE) bad()
  const b = bytes.buffer instanceof ArrayBuffer ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) : copy(bytes)
  const n = element(b, 0, b.length, 0, opts?.ber ? { elements: MAX_ELEMENTS } : undefined)
  return n.end === b.length ? n : bad()
}

function element(b: Bytes, start: number, limit: number, depth: number, ber: Left): Node {
  if (depth > MAX_DEPTH || limit - start < 2 || (ber && !ber.elements--)) bad()
  const tag = b[start]!
  let at = start + 2
  let size = b[start + 1]!
  if ((tag & 31) === 31) bad()
  if (size === 0x80) {
    if (!ber || !(tag & 0x20)) bad()
    return node(b, tag, start, at, -1, limit, depth, ber)
  }
  if (size > 0x80) {
    let octets = size & 0x7f
    if (octets > 4 || at + octets > limit) bad()
    for (size = 0; octets--; ) size = size * 256 + b[at++]!
    if (!ber && (size < 0x80 || b[start + 2] === 0)) bad()
  }
  if (size > limit - at) bad()
  return node(b, tag, start, at, at + size, limit, depth, ber)
}

// close is where the content ends, -1 when only reading it tells.
function node(b: Bytes, tag: number, start: number, at: number, close: number, limit: number, depth: number, ber: Left): Node {
  const look = (): { list: Node[]; close: number } => {
    if (!(tag & 0x20)) bad()
    const list: Node[] = []
    let next = at
    for (;;) {
      if (close < 0 ? limit - next >= 2 && !b[next] && !b[next + 1] : next === close) return { list, close: next }
      if (list.length === MAX_CHILDREN) bad()
      const n = element(b, next, close < 0 ? limit : close, depth + 1, ber)
      list.push(n)
      next = n.end
    }
  }
  // What had to be read to find the end is not read again, for it may be all there is.
  let seen: ReturnType<typeof look> | undefined
  const inside = () => (close < 0 ? (seen ??= look()) : look())
  const stop = close < 0 ? inside().close : close
  const end = close < 0 ? stop + 2 : stop
  return {
    tag,
    start,
    end,
    header: at - start,
    value: b.subarray(at, stop),
    raw: b.subarray(start, end),
    children: () => inside().list,
  }
}

/** The parts of a SEQUENCE or SET, taken from the front. Each throws a DerError. */
export interface Fields {
  /** The next part, which must have this tag if one is named. */
  take(tag?: number): Node
  /** The next part if it has this tag. */
  may(tag: number): Node | undefined
  /** The parts that are left. */
  rest(): Node[]
  /** Checks that none is left. */
  end(): void
}

/** Opens an element that must have this tag (0x30, SEQUENCE, unless named). */
export function fields(n: Node, tag = 0x30): Fields {
  const list = expect(n, tag).children()
  let at = 0
  const may = (want: number): Node | undefined => (list[at]?.tag === want ? list[at++] : undefined)
  return {
    may,
    take: (want) => (want === undefined ? list[at++] : may(want)) ?? bad(),
    rest: () => list.slice(at, (at = list.length)),
    end: () => {
      if (at < list.length) bad()
    },
  }
}

/** The element itself when it has this tag; a DerError otherwise. */
export const expect = (n: Node | undefined, tag: number): Node => (n?.tag === tag ? n : bad())

/** The one element within an explicit tag. */
export function inner(n: Node): Node {
  const [only, more] = n.children()
  return only && !more ? only : bad()
}

/** AlgorithmIdentifier: its identifier and its parameters, if any. */
export function readAlgorithm(n: Node): { oid: string; params?: Node } {
  const f = fields(n)
  const oid = readOid(f.take(6))
  const [params, more] = f.rest()
  if (more) bad()
  return params ? { oid, params } : { oid }
}

/** Whether parameters are what an algorithm without parameters may carry. */
export const noParams = (params?: Node): boolean => !params || (params.tag === 5 && !params.value.length)

/** An OBJECT IDENTIFIER as dotted numbers, each under 2^31. */
export function readOid(n: Node): string {
  const b = expect(n, 6).value
  if (!b.length || b.length > 64 || b[b.length - 1]! > 0x7f) bad()
  const arcs: number[] = []
  let v = 0
  let fresh = true
  for (const c of b) {
    if (fresh && c === 0x80) bad()
    v = v * 128 + (c & 0x7f)
    if (v >= 2 ** 31) bad()
    if ((fresh = c < 0x80)) {
      if (!arcs.length) {
        const first = Math.min(2, Math.floor(v / 40))
        arcs.push(first)
        v -= first * 40
      }
      arcs.push(v)
      v = 0
    }
  }
  return arcs.join('.')
}

/** An INTEGER of up to 2048 bytes. */
export function readInt(n: Node): bigint {
  const b = expect(n, 2).value
  if (!b.length || b.length > 2048 || (b.length > 1 && (b[0] === 0 ? b[1]! < 128 : b[0] === 255 && b[1]! > 127))) bad()
  return BigInt.asIntN(b.length * 8, toBig(b))
}

/** An INTEGER from 0 to 2^31-1. */
export function readSmall(n: Node): number {
  const v = readInt(n)
  return v >= 0n && v < 2n ** 31n ? Number(v) : bad()
}

/** The unsigned number that big-endian bytes stand for. */
export const toBig = (b: Uint8Array): bigint => {
  let s = '0x0'
  for (const c of b) s += (c < 16 ? '0' : '') + c.toString(16)
  return BigInt(s)
}

/** The content of an OCTET STRING; in BER it may come in pieces. */
export const readOctets = (n: Node): Bytes => (n.tag === 0x24 ? join(n.children().map(readOctets)) : expect(n, 4).value)

/** A BIT STRING that is whole bytes. */
export function readBits(n: Node): Bytes {
  const b = expect(n, 3).value
  return b.length && b[0] === 0 ? b.subarray(1) : bad()
}

/** Any of the string types as text; T61String is taken as UTF-8 or Latin-1, as nobody writes real T.61. */
export function readString(n: Node): string {
  const b = n.value
  const wide = (size: number): string => {
    if (b.length % size) bad()
    let s = ''
    for (let i = 0; i < b.length; i += size) {
      let c = 0
      for (let j = 0; j < size; j++) c = c * 256 + b[i + j]!
      if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) bad()
      s += String.fromCodePoint(c)
    }
    return s
  }
  switch (n.tag) {
    case 12: // UTF8String
      try {
        return decode(b)
      } catch {
        return bad()
      }
    case 18: // NumericString, PrintableString, IA5String, VisibleString
    case 19:
    case 22:
    case 26:
      return b.every((c) => c < 128) ? wide(1) : bad()
    case 20: // T61String
      try {
        return decode(b)
      } catch {
        return wide(1)
      }
    case 28: // UniversalString
      return wide(4)
    case 30: // BMPString
      return wide(2)
  }
  return bad()
}

/** UTCTime or GeneralizedTime with seconds, in UTC, as RFC 5280 wants them. */
export function readTime(n: Node): Date {
  const long = n.tag === 24
  if (!long && n.tag !== 23) bad()
  const s = readString({ ...n, tag: 26 })
  const m = (long ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/).exec(s)
  if (!m) return bad()
  const [year = 0, month = 0, ...rest] = m.slice(1).map(Number)
  const [day = 0, hour = 0, minute = 0, second = 0] = rest
  const at = new Date(0)
  at.setUTCFullYear(long ? year : year + (year < 50 ? 2000 : 1900), month - 1, day)
  at.setUTCHours(hour, minute, second)
  // What overflowed (a 31st of February) is written differently again.
  return at.toISOString().replace(/\D/g, '').slice(long ? 0 : 2, 14) === s.slice(0, -1) ? at : bad()
}

/** An element of any tag. */
export function tlv(tag: number, ...content: Uint8Array[]): Bytes {
  const size = content.reduce((n, c) => n + c.length, 0)
  const head = [tag]
  if (size < 128) head.push(size)
  else {
    const octets: number[] = []
    for (let n = size; n; n = Math.floor(n / 256)) octets.unshift(n % 256)
    head.push(0x80 | octets.length, ...octets)
  }
  return concat(Uint8Array.from(head), ...content)
}

/** SEQUENCE of what is given. */
export const seq = (...c: Uint8Array[]): Bytes => tlv(0x30, ...c)

/** SET, in the order given. */
export const set = (...c: Uint8Array[]): Bytes => tlv(0x31, ...c)

/** SET OF, in the order that DER asks for. */
export const setOf = (...c: Uint8Array[]): Bytes => set(...c.sort(compare))

/** INTEGER; bytes stand for the unsigned number. Not for negative numbers. */
export function int(n: number | bigint | Uint8Array): Bytes {
  let b = n instanceof Uint8Array ? n : fromBig(BigInt(n))
  let zeros = 0
  while (zeros < b.length && !b[zeros]) zeros++
  b = b.subarray(zeros)
  return b.length && b[0]! < 128 ? tlv(2, b) : tlv(2, new Uint8Array(1), b)
}

/** The big-endian bytes of a number that is not negative, as many as asked for or as it needs. */
export function fromBig(n: bigint, size = 0): Bytes {
  let s = n.toString(16)
  s = s.padStart(Math.max(size * 2, s.length + (s.length % 2)), '0')
  return Uint8Array.from(s.match(/../g)!, (d) => parseInt(d, 16))
}

/** OBJECT IDENTIFIER from dotted numbers. */
export function oid(dotted: string): Bytes {
  const [a = 0, b = 0, ...rest] = dotted.split('.').map(Number)
  const out: number[] = []
  for (const arc of [a * 40 + b, ...rest]) {
    const digits = [arc % 128]
    for (let v = Math.floor(arc / 128); v; v = Math.floor(v / 128)) digits.unshift(128 | v % 128)
    out.push(...digits)
  }
  return tlv(6, Uint8Array.from(out))
}

/** NULL. */
export const nul = (): Bytes => tlv(5)

/** AlgorithmIdentifier; without parameters unless they are given. */
export const algorithm = (id: string, ...params: Uint8Array[]): Bytes => seq(oid(id), ...params)

/** OCTET STRING. */
export const octets = (b: Uint8Array): Bytes => tlv(4, b)

/** BIT STRING of whole bytes. */
export const bits = (b: Uint8Array): Bytes => tlv(3, new Uint8Array(1), b)

/** UTF8String. */
export const utf8 = (s: string): Bytes => tlv(12, encode(s))

/** PrintableString; the caller sees to its letters. */
export const printable = (s: string): Bytes => tlv(19, encode(s))

/** [n] EXPLICIT. */
export const ctx = (n: number, ...content: Uint8Array[]): Bytes => tlv(0xa0 | n, ...content)

/** [n] IMPLICIT of a primitive or constructed type. */
export const implicit = (n: number, constructed: boolean, ...content: Uint8Array[]): Bytes =>
  tlv((constructed ? 0xa0 : 0x80) | n, ...content)

/** UTCTime for the years 1950 to 2049, GeneralizedTime for all others (RFC 5280 section 4.1.2.5). */
export function time(at: Date): Bytes {
  const s = at.toISOString().replace(/\D/g, '').slice(0, 14) + 'Z'
  return s >= '1950' && s < '2050' ? tlv(23, encode(s.slice(2))) : tlv(24, encode(s))
}
