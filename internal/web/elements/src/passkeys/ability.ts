/** Why passkeys can't be used here. */
export type Hindrance = 'address' | 'insecure' | 'browser'

/**
 * What stands in the way of passkeys: they belong to a name, so an address that
 * is a number has none; they want https; and the browser has to know them.
 */
export function hindrance(where: { hostname: string; secure: boolean; known: boolean }): Hindrance | undefined {
  if (isNumber(where.hostname)) return 'address'
  if (!where.secure) return 'insecure'
  return where.known ? undefined : 'browser'
}

function isNumber(hostname: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(hostname) || hostname.startsWith('[')
}
