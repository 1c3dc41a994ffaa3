interface Policy {
  createScriptURL(url: string): string
}

const SCRIPT = '/sw.js'
let asked = false

/**
 * Has the browser keep the wallet's pages, so that they open without a
 * network. Where it can't, nothing is lost but that.
 */
export async function keepOffline(): Promise<void> {
  if (asked || !('serviceWorker' in navigator) || !isSecureContext) return
  asked = true
  try {
    await navigator.serviceWorker.register(trusted(), { scope: '/', updateViaCache: 'none' })
  } catch {
    // Private windows and policies of an employer forbid it.
  }
}

/** The one script address that the policy `ingam` lets through. */
function trusted(): string {
  const types = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } }).trustedTypes
  if (!types) return SCRIPT
  const policy = types.createPolicy('ingam', {
    createScriptURL(url) {
      if (url !== SCRIPT) throw new TypeError('not the script')
      return url
    },
  })
  return policy.createScriptURL(SCRIPT)
}
