/**
 * The bank's time, in milliseconds since 1970: what certificates and codes are
 * held against. It is the device's time, but in a demo whose clock was put
 * forward; its pages say by how much.
 */
export function bankNow(): number {
  const said = document.querySelector<HTMLMetaElement>('meta[name="ingam-ahead"]')?.content ?? ''
  return Date.now() + (Number(said) || 0)
}
