import type { Problem } from './problem'
import { language, say } from './say'
import { walletProblem } from './trouble'

export type { Problem }

/**
 * Why nothing came of a call. `refused`: the service said no. `offline`,
 * `timeout`, `down`: nobody knows whether the call arrived.
 */
export type Reason = 'refused' | 'offline' | 'timeout' | 'down'

/** A call that failed, in words for the person who sees it. */
export class ProblemError extends Error {
  readonly reason: Reason
  readonly problem: Problem

  constructor(reason: Reason, problem: Problem) {
    super(problem.name ?? reason)
    this.name = 'ProblemError'
    this.reason = reason
    this.problem = problem
  }

  get title(): string { return this.problem.title }
  get detail(): string { return this.problem.detail }
  /** The number that the call centre knows. */
  get code(): number | undefined { return this.problem.code }
  get status(): number { return this.problem.status ?? 0 }
  /** Seconds. */
  get retryAfter(): number | undefined { return this.problem.retryAfter }
  /** Whether the same call may go through later: nothing was decided. */
  get passing(): boolean {
    return this.reason !== 'refused' || this.status === 502 || this.status === 503 || this.status === 504
  }
}

export interface CallOptions {
  /** Asking again changes nothing, so a lost answer is asked for once more. GET and DELETE do anyway. */
  again?: boolean
  /** Milliseconds; 20 s when left out. */
  timeout?: number
  /** Leave a 401 to the caller: it means a wrong answer, not a session that has ended. */
  anonymous?: boolean
  signal?: AbortSignal
}

/** What of a browser the calls need; tests bring their own. */
export interface Surroundings {
  fetch: typeof fetch
  wait(ms: number): Promise<void>
  online(): boolean
  /** Leads to the page where one logs in and comes back. */
  logIn(): void
  /** Told that the service has heard of this session just now. */
  heard(): void
}

export interface Api {
  get<T>(path: string, o?: CallOptions): Promise<T>
  post<T>(path: string, body?: unknown, o?: CallOptions): Promise<T>
  remove(path: string, o?: CallOptions): Promise<void>
}

const ROOT = '/api/v1'
const TIMEOUT = 20_000
const PAUSE = 600 // before the second try

/** The calls of /api/v1, or of another place of ours, in the surroundings of a page. */
export function connect(s: Surroundings, root = ROOT): Api {
  return {
    get: (path, o) => call(s, 'GET', root + path, undefined, { again: true, ...o }),
    post: (path, body, o) => call(s, 'POST', root + path, body ?? {}, o ?? {}),
    remove: (path, o) => call(s, 'DELETE', root + path, undefined, { again: true, ...o }),
  }
}

async function call<T>(s: Surroundings, method: string, path: string, body: unknown, o: CallOptions): Promise<T> {
  try {
    return await once<T>(s, method, path, body, o)
  } catch (e) {
    if (!(e instanceof ProblemError) || !e.passing || !o.again || (e.retryAfter ?? 0) > 3) throw e
    await s.wait(e.retryAfter ? e.retryAfter * 1000 : PAUSE)
    return once<T>(s, method, path, body, o)
  }
}

async function once<T>(s: Surroundings, method: string, path: string, body: unknown, o: CallOptions): Promise<T> {
  const timeout = AbortSignal.timeout(o.timeout ?? TIMEOUT)
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': language() }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  let answer: Response
  let text: string
  try {
    answer = await s.fetch(path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: o.signal ? AbortSignal.any([o.signal, timeout]) : timeout,
    })
    text = await answer.text()
  } catch (e) {
    if (o.signal?.aborted) throw e
    throw lost(timeout.aborted ? 'timeout' : s.online() ? 'down' : 'offline')
  }
  if (answer.ok) {
    s.heard()
    return read<T>(answer, text)
  }
  throw refusal(s, answer, text, o)
}

function read<T>(answer: Response, text: string): T {
  if (answer.status === 204 || text === '') return undefined as T
  try {
    return JSON.parse(text) as T
  } catch {
    throw lost('down') // cut off on the way, or a stranger answered
  }
}

function refusal(s: Surroundings, answer: Response, text: string, o: CallOptions): ProblemError {
  const problem = problemOf(answer, text)
  if (!problem) return lost('down', answer.status)
  if (answer.status === 401 && !o.anonymous) s.logIn()
  else s.heard()
  return new ProblemError('refused', problem)
}

function problemOf(answer: Response, text: string): Problem | undefined {
  if (!answer.headers.get('Content-Type')?.startsWith('application/problem+json')) return undefined
  try {
    const p = JSON.parse(text) as Problem
    return p.title && p.detail ? { ...p, status: answer.status } : undefined
  } catch {
    return undefined
  }
}

function lost(reason: Reason, status?: number): ProblemError {
  const words =
    reason === 'offline'
      ? { title: say('el.net.offline'), detail: say('el.net.offline.do') }
      : reason === 'timeout'
        ? { title: say('el.net.timeout'), detail: say('el.net.timeout.do') }
        : { title: say('el.net.down'), detail: say('el.net.down.do') }
  return new ProblemError(reason, status === undefined ? words : { ...words, status })
}

/** Any error as a problem to show. What nobody foresaw is said so, without its inside. */
export function problem(e: unknown): Problem {
  if (e instanceof ProblemError) return e.problem
  return walletProblem(e) ?? { title: say('el.unforeseen'), detail: say('el.unforeseen.do') }
}

/** Told by api when the service heard of this session: the idle clock starts anew. */
export const HEARD = 'ingam-heard'

/** A page of this browser, whose login is at a path. */
export const here = (login: string): Surroundings => ({
  fetch: (input, init) => fetch(input, init),
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
  online: () => navigator.onLine,
  logIn() {
    const enter = document.querySelector<HTMLMetaElement>('meta[name="ingam-enter"]')?.content
    if (enter) return location.assign(enter + '?ended=1') // codes opened this page, and no login
    location.assign(login + '?next=' + encodeURIComponent(location.pathname + location.search))
  },
  heard() {
    document.dispatchEvent(new Event(HEARD))
  },
})

/** The calls of this page. */
export const api: Api = connect(here('/login'))

/** Bytes as the API's base64, and back. */
export function base64(bytes: Uint8Array): string {
  let text = ''
  for (const b of bytes) text += String.fromCharCode(b)
  return btoa(text)
}

export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
}
