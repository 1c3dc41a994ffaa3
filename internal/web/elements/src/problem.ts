/** A refusal as the service says it (RFC 9457, members of its own from code on). */
export interface Problem {
  /** What happened. */
  title: string
  /** What to do now. */
  detail: string
  status?: number
  /** The number that the call centre knows. */
  code?: number
  name?: string
  /** Seconds after which trying again makes sense. */
  retryAfter?: number
  params?: Record<string, string>
}
