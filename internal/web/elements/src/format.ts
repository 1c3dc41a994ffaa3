/** What stands in a text's braces. */
export type Values = Readonly<Record<string, string | number>>

/** A text that breaks the catalogue's syntax, or lacks a value. */
export class TextError extends Error {}

const name = /^[a-zA-Z][a-zA-Z0-9]*$/

/**
 * Puts values into a text of the catalogue:
 *
 *     {name}          the value
 *     {name}{을/를}    the particle that fits the letter before it
 *     {n|day|days}    the first when n is 1, the second otherwise
 *
 * The server follows the same rules (package catalog), by the same table of
 * examples. A value that is missing shows as its name in braces; `problems`,
 * when given, collects what is wrong.
 */
export function format(text: string, values: Values = {}, problems?: string[]): string {
  let out = ''
  let rest = text
  while (rest) {
    const open = rest.search(/[{}]/)
    if (open < 0) return out + rest
    out += rest.slice(0, open)
    const end = rest.slice(open + 1).search(/[{}]/)
    if (rest[open] === '}' || end < 0 || rest[open + 1 + end] === '{') {
      problems?.push('braces do not match')
      return out + rest.slice(open)
    }
    out += fill(rest.slice(open + 1, open + 1 + end), out, values, problems)
    rest = rest.slice(open + end + 2)
  }
  return out
}

function fill(inner: string, before: string, values: Values, problems?: string[]): string {
  const plural = inner.split('|')
  if (plural.length === 1 && inner.includes('/')) {
    const [first = '', second = '', more] = inner.split('/')
    if (first && second && more === undefined) return particle(before, first, second)
    problems?.push(`{${inner}} is no particle`)
    return `{${inner}}`
  }
  const key = plural[0] ?? ''
  if (!name.test(key) || plural.length === 2 || plural.length > 3) {
    problems?.push(`{${inner}} is malformed`)
    return `{${inner}}`
  }
  const value = values[key]
  if (value === undefined) problems?.push(`${key} is missing`)
  if (plural.length === 3) return (String(value) === '1' ? plural[1] : plural[2]) ?? ''
  return value === undefined ? `{${key}}` : String(value)
}

/**
 * Chooses a particle (조사) by the last letter or digit before it, as it is read
 * aloud; quotes, brackets and blanks are not read. 으로 alone cares which final
 * consonant there is: after ㄹ it is 로.
 */
export function particle(before: string, first: string, second: string): string {
  const c = final(before)
  return c === 0 || (c === RIEUL && first.startsWith('으로')) ? second : first
}

const RIEUL = 8 // its place among the final consonants of a syllable (Unicode, 3.12)
const OTHER = 1

function final(text: string): number {
  for (const c of [...text].reverse()) {
    if (c >= '가' && c <= '힣') return ((c.codePointAt(0) ?? 0) - 0xac00) % 28
    if ('178lLrR'.includes(c)) return RIEUL // 일 칠 팔 엘 알
    if ('036mMnN'.includes(c)) return OTHER // 영 삼 육 엠 엔
    if (/[\p{L}\p{Nd}]/u.test(c)) return 0
  }
  return 0
}
