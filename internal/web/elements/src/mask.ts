const DOT = '●'

/**
 * How an identity number shows: 900101-1●●●●●●. Of a passport's number, which
 * begins with a letter, the first two signs stay.
 */
export function mask(typed: string): string {
  const shown = /^\d/.test(typed) ? 7 : 2
  let seen = 0
  return [...typed].map((c) => (/[\p{L}\p{N}]/u.test(c) && ++seen > shown ? DOT : c)).join('')
}

/** Puts the hyphen of a resident number in while it is typed at the end; leaves everything else. */
export function hyphenate(typed: string): string {
  return /^\d{7,13}$/.test(typed) ? `${typed.slice(0, 6)}-${typed.slice(6)}` : typed
}
