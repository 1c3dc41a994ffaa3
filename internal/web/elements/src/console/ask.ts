// Asks again and again, as long as somebody may be looking: not while the page
// is hidden, less and less often while there is no answer.
export const EVERY = 5_000
const SELDOM = 60_000

/** How long to wait after so many failures in a row. */
export const pause = (failures: number): number => Math.min(EVERY * 2 ** failures, SELDOM)

/** Where answers come from: this browser, or what a test makes up. */
export interface Source {
  get(path: string): Promise<{ ok: boolean; status: number; json(): Promise<unknown> }>
  wait(ms: number): Promise<void>
  hidden(): boolean
  shown(): Promise<void>
}

export const browser: Source = {
  get: (path) => fetch(path, { headers: { Accept: 'application/json' }, cache: 'no-store' }),
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
  hidden: () => document.hidden,
  shown: () => new Promise((done) => {
    const look = (): void => {
      if (document.hidden) return
      document.removeEventListener('visibilitychange', look)
      done()
    }
    document.addEventListener('visibilitychange', look)
  }),
}

/**
 * Gives each answer to `heard` until that says stop, or the session is over.
 * `failed` hears when answers stay away, and when they are back.
 */
export async function ask(path: string, heard: (answer: unknown) => Promise<boolean | void> | boolean | void, failed: (is: boolean) => void, source: Source = browser): Promise<void> {
  for (let failures = 0; ;) {
    await source.wait(pause(failures))
    if (source.hidden()) await source.shown()
    try {
      const answer = await source.get(path)
      if (answer.status === 401 || answer.status === 403) return
      if (!answer.ok) throw new Error(String(answer.status))
      if ((await heard(await answer.json())) === false) return
      if (failures) failed(false)
      failures = 0
    } catch {
      if (++failures === 2) failed(true)
    }
  }
}
