// The Worker's side: takes one question after the other, answers each.

import { WalletError } from '../error'
import { WORKER, type Ask, type Tell } from './messages'
import { operations, type Step } from './operations'

interface Scope {
  name: string
  onmessage: ((event: MessageEvent<Ask>) => void) | null
  postMessage(message: Tell): void
}

/** Starts answering, when this is the Worker. A page that imports the file is not. */
export function serveInWorker(): void {
  const scope = globalThis as unknown as Scope
  if (typeof document !== 'undefined' || scope.name !== WORKER) return
  scope.onmessage = async ({ data: { id, operation, argument } }) => {
    try {
      const run = operations[operation] as (
        argument: unknown,
        tell: (step: Step) => void,
      ) => Promise<unknown>
      scope.postMessage({ id, value: await run(argument, (step) => scope.postMessage({ id, step })) })
    } catch (cause) {
      // What is no WalletError is a fault of a browser's own crypto: say that
      // it can't be done here, and nothing of what it was about.
      const { code, detail } = cause instanceof WalletError ? cause : new WalletError('unsupported')
      scope.postMessage({ id, code, ...(detail && { detail }) })
    }
  }
}
