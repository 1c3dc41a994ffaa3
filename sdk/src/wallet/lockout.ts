// Slows down who guesses passwords at the screen. It can't stop one who copies
// the database away: against that only the key's own encryption stands.

import { WalletError } from '../error'
import { done, type Lock, type Store, type Tables } from './store'

/** Wrong passwords in a row that are free. */
export const FREE_TRIES = 5
const FIRST_REST = 30_000
const LONGEST_REST = 30 * 60_000

/** How long a key rests after this many wrong passwords in a row, in ms. */
export function restAfter(tries: number): number {
  return tries < FREE_TRIES ? 0 : Math.min(FIRST_REST * 2 ** (tries - FREE_TRIES), LONGEST_REST)
}

/**
 * Runs `attempt`, which throws 'wrong-password' when the password is wrong.
 * The try is counted before it is made, in one transaction that all tabs
 * share: guesses made at once, or cut off by a reload, are counted too. A
 * right password clears the count; another failure gives the try back.
 */
export async function guard<T>(store: Store, id: string, attempt: () => Promise<T>): Promise<T> {
  const { lock, resting } = await store.run('readwrite', (table) => take(table, id))
  if (resting) throw new WalletError('locked', { until: new Date(lock.until) })
  try {
    const result = await attempt()
    await store.run('readwrite', (table) => done(table('locks').delete(id)))
    return result
  } catch (cause) {
    if (!(cause instanceof WalletError) || cause.code !== 'wrong-password') {
      await store.run('readwrite', (table) => giveBack(table, id))
      throw cause
    }
    throw new WalletError('wrong-password', {
      left: Math.max(0, FREE_TRIES - lock.tries),
      ...(lock.until ? { until: new Date(lock.until) } : {}),
    })
  }
}

/** The end of a rest. A clock that was set back makes it begin anew: it is neither longer than it was, nor over. */
export const restsUntil = ({ until, tries }: Lock, now = Date.now()): number => Math.min(until, now + restAfter(tries))

async function take(table: Tables, id: string): Promise<{ lock: Lock; resting: boolean }> {
  const now = Date.now()
  const old: Lock | undefined = await done(table('locks').get(id))
  if (old && old.until > now) {
    const lock = { ...old, until: restsUntil(old, now) }
    await done(table('locks').put(lock))
    return { lock, resting: true }
  }
  const tries = (old?.tries ?? 0) + 1
  const rest = restAfter(tries)
  const lock: Lock = { id, tries, until: rest && now + rest }
  await done(table('locks').put(lock))
  return { lock, resting: false }
}

async function giveBack(table: Tables, id: string): Promise<void> {
  const lock: Lock | undefined = await done(table('locks').get(id))
  if (!lock) return
  const tries = lock.tries - 1
  // A rest that others' wrong passwords brought stays.
  if (tries > 0) await done(table('locks').put({ id, tries, until: restAfter(tries) && lock.until }))
  else await done(table('locks').delete(id))
}
