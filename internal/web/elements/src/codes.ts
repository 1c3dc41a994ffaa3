const APART = /[\s\-–—.]/g
// Twenty letters in groups of five, parted or not, and at least one of them no digit.
const CODE = /(?<![A-Za-z0-9])(?=[\d\s.–—-]*[A-Za-z])(?:[A-Za-z0-9]{5}[ \-–—.]?){3}[A-Za-z0-9]{5}(?![A-Za-z0-9])/
const REFERENCE = /(?<!\d)\d{3}[ \-–—.]?\d{3}[ \-–—.]?\d{4}(?!\d)/

/** What stands in an address behind #ref=; none when that can't be a reference number. */
export function referenceOf(hash: string): string | undefined {
  const value = group(new URLSearchParams(hash.replace(/^#/, '')).get('ref') ?? '', 'reference')
  return /^\d{3}-\d{3}-\d{4}$/.test(value) ? value : undefined
}

/** Both codes out of a text that holds them, such as a message that was copied whole. */
export function codesIn(text: string): { reference?: string; code?: string } {
  if (text.length > 2000) return {}
  const code = CODE.exec(text)?.[0]
  const reference = REFERENCE.exec(code ? text.replace(code, '\n') : text)?.[0]
  return { ...(reference && { reference: group(reference, 'reference') }), ...(code && { code: group(code, 'code') }) }
}

/** A code in its groups once it has its length; else as it was typed. */
export function group(typed: string, what: 'reference' | 'code'): string {
  const bare = typed.replace(APART, '')
  if (what === 'reference') return /^\d{10}$/.test(bare) ? `${bare.slice(0, 3)}-${bare.slice(3, 6)}-${bare.slice(6)}` : typed
  return /^[A-Za-z0-9]{20}$/.test(bare) ? (bare.toUpperCase().match(/.{5}/g) ?? []).join('-') : typed
}
