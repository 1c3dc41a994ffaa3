/** Bytes as all of this library takes and gives them. */
export type Bytes = Uint8Array<ArrayBuffer>

/** The UTF-8 bytes of a text. */
export const encode = (text: string): Bytes => new TextEncoder().encode(text)

/** The text of UTF-8 bytes; throws a TypeError when they are not UTF-8. */
export const decode = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)

/** All parts, one after the other, in new memory. */
export const concat = (...parts: Uint8Array[]): Bytes => join(parts)

/** The same for a list, which may be longer than an engine takes arguments. */
export function join(parts: Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const p of parts) {
    out.set(p, at)
    at += p.length
  }
  return out
}

/** Orders bytes as DER orders a SET OF: by value, the shorter first. */
export function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const d = a[i]! - b[i]!
    if (d) return d
  }
  return a.length - b.length
}

/** Whether the bytes are the same; the time tells nothing but the lengths. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  let d = a.length ^ b.length
  for (let i = 0; i < a.length && i < b.length; i++) d |= a[i]! ^ b[i]!
  return !d
}

/** Lower-case hex. */
export const hex = (bytes: Uint8Array): string => {
  let s = ''
  for (const b of bytes) s += (b < 16 ? '0' : '') + b.toString(16)
  return s
}

/** The bytes of hex; what is no hex digit counts as 0. */
export const unhex = (text: string): Bytes =>
  Uint8Array.from(text.match(/../g) ?? [], (d) => parseInt(d, 16))

/** A copy in memory of its own, whatever buffer the bytes came in. */
export const copy = (bytes: Uint8Array): Bytes => new Uint8Array(bytes)

/** Overwrites secrets as far as the language lets one. */
export const wipe = (...secrets: (Uint8Array | undefined)[]): void => {
  for (const s of secrets) s?.fill(0)
}

/** Random bytes from the system. */
export const random = (size: number): Bytes => crypto.getRandomValues(new Uint8Array(size))

/**
 * The DER of a file that may be PEM: the first block is taken, whatever its
 * label. What is not PEM comes back as it is.
 */
export function unpem(file: Uint8Array): Bytes {
  const bytes = copy(file)
  if (bytes[0] === 0x30 || bytes.length > 1 << 20) return bytes
  const text = new TextDecoder('latin1').decode(bytes)
  const body = /-----BEGIN [^-\r\n]+-----([A-Za-z0-9+/=\s]+)-----END /.exec(text)?.[1]
  if (!body) return bytes
  try {
    return Uint8Array.from(atob(body.replace(/\s+/g, '')), (c) => c.charCodeAt(0))
  } catch {
    return bytes
  }
}
