// The page's side of the Worker: started when it is needed, ended when nothing
// was asked for a while, so that its memory goes with all that was opened in it.

import { WalletError } from '../error'
import { WORKER, type Ask, type Tell } from './messages'
import type { Operations, Step } from './operations'

const IDLE = 10_000

type Call = <K extends keyof Operations>(
  operation: K,
  argument: Parameters<Operations[K]>[0],
  onStep?: (step: Step) => void,
) => ReturnType<Operations[K]>

interface Waiting {
  resolve(value: unknown): void
  reject(error: WalletError): void
  onStep?: ((step: Step) => void) | undefined
}

export interface Connection {
  /** Runs an operation in the Worker; throws the WalletError it threw there. */
  call: Call
  /** Ends the Worker; what is asked next starts another. */
  close(): void
}

/** A way to the Worker whose script stands at `url`. */
export function connect(url: string | URL): Connection {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let last = 0
  let idle: ReturnType<typeof setTimeout> | undefined

  const close = () => {
    worker?.terminate()
    worker = undefined
    for (const { reject } of waiting.values()) reject(new WalletError('unsupported'))
    waiting.clear()
  }
  const start = (): Worker => {
    const started = new Worker(trusted(String(url)), { type: 'module', name: WORKER })
    started.onmessage = ({ data }: MessageEvent<Tell>) => {
      const one = waiting.get(data.id)
      if (!one) return
      if ('step' in data) return one.onStep?.(data.step)
      waiting.delete(data.id)
      if ('code' in data) one.reject(new WalletError(data.code, data.detail))
      else one.resolve(data.value)
      if (!waiting.size) idle = setTimeout(close, IDLE)
    }
    started.onerror = close
    started.onmessageerror = close
    return started
  }
  const call = (operation: keyof Operations, argument: unknown, onStep?: (step: Step) => void) =>
    new Promise((resolve, reject) => {
      clearTimeout(idle)
      const ask: Ask = { id: ++last, operation, argument }
      try {
        worker ??= start()
        worker.postMessage(ask)
        waiting.set(ask.id, { resolve, reject, onStep })
      } catch {
        reject(new WalletError('unsupported')) // no Worker may be started here
      }
    })
  return { call: call as Call, close }
}

interface Policy {
  createScriptURL(url: string): string
}

let policy: Policy | undefined

/** The script's address, blessed where the page demands Trusted Types. */
function trusted(url: string): string {
  const types = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } }).trustedTypes
  try {
    policy ??= types?.createPolicy(WORKER, {
      createScriptURL: (asked) => {
        // A blob: has the page's origin, too.
        const { origin, protocol } = new URL(asked, location.href)
        if (origin !== location.origin || protocol !== location.protocol) throw new WalletError('unsupported')
        return asked
      },
    })
  } catch {
    // The page's CSP names no such policy; where it wants one, Worker refuses.
  }
  return policy ? policy.createScriptURL(url) : url
}
