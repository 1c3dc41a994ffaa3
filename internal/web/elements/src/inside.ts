/** A path of this site to go to, whatever the address said; the first page for anything else. */
export function inside(next: string | null | undefined, origin = location.origin): string {
  if (!next?.startsWith('/')) return '/'
  try {
    const url = new URL(next, origin)
    const path = url.pathname + url.search + url.hash
    // "/.//elsewhere" comes out as "//elsewhere", which is another site.
    return url.origin === origin && !path.startsWith('//') ? path : '/'
  } catch {
    return '/'
  }
}
