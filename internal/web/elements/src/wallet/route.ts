/** What can be done with one certificate on a view of its own. */
const acts = ['name', 'password', 'export', 'delete'] as const
type Act = (typeof acts)[number]

/** A view of the wallet. */
export type View = { at: 'list' } | { at: 'add' } | { at: 'show'; id: string } | { at: Act; id: string } | { at: 'discard'; application: string }

/** The view that an address's hash names; a hash that names none is the list. */
export function viewOf(hash: string): View {
  const [first, id, act] = hash.replace(/^#\/?/, '').split('/')
  if (first === 'add') return { at: 'add' }
  if (first === 'u' && id) return { at: 'discard', application: id }
  if (first !== 'c' || !id) return { at: 'list' }
  const known = acts.find((a) => a === act)
  return known ? { at: known, id } : { at: 'show', id }
}

/** Where an application goes on: the service leads from there to the step it is at. */
export function applicationPath(application: string, note?: string): string {
  return note === 'codes' ? '/redeem' : '/apply/' + encodeURIComponent(application)
}

/** What was just done, for the view that comes after it. */
export type Done = 'added' | 'named' | 'password' | 'deleted' | 'exported' | 'kept' | 'discarded'

let word: Done | undefined

/** Goes to another view; `done` is said there, once. */
export function go(hash: string, done?: Done): void {
  word = done
  if (location.hash === hash) dispatchEvent(new HashChangeEvent('hashchange'))
  else location.hash = hash
}

/** What was done before this view, and forgets it. */
export function takeDone(): Done | undefined {
  const done = word
  word = undefined
  return done
}
