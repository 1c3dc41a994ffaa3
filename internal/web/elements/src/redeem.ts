// The page on which codes of a branch are entered.
import { define } from './base'
import { codesIn, group, referenceOf } from './codes'
import { world } from './world'

/** How many keys the service looks at. */
const MOST = 16

/**
 * Beside the fields `reference` and `code` of its form: takes the reference
 * number out of the address (#ref=…, as a QR code has it; what stands behind # is
 * sent to nobody), takes both out of a pasted text, groups what is typed, and
 * tells by `keys` which keys of this browser wait for a certificate: with one of
 * them codes that are spent open their application once more.
 */
export class Redeem extends HTMLElement {
  connectedCallback(): void {
    const form = this.closest('form')
    const reference = form?.querySelector<HTMLInputElement>('#reference')
    const code = form?.querySelector<HTMLInputElement>('#code')
    if (!form || !reference || !code) return
    this.#fromAddress(reference, code)
    for (const field of [reference, code]) field.addEventListener('paste', (e) => this.#paste(e, reference, code))
    reference.addEventListener('change', () => { reference.value = group(reference.value, 'reference') })
    code.addEventListener('change', () => { code.value = group(code.value, 'code') })
    const keys = form.querySelector<HTMLInputElement>('input[name="keys"]')
    if (keys) void this.#keys(keys)
  }

  #fromAddress(reference: HTMLInputElement, code: HTMLInputElement): void {
    const found = referenceOf(location.hash)
    if (!location.hash) return
    history.replaceState(history.state, '', location.pathname + location.search)
    if (!found || reference.value) return
    reference.value = found
    code.focus()
  }

  #paste(e: ClipboardEvent, reference: HTMLInputElement, code: HTMLInputElement): void {
    const found = codesIn(e.clipboardData?.getData('text') ?? '')
    if (!found.reference || !found.code) return // one of them goes where it is pasted
    e.preventDefault()
    reference.value = found.reference
    code.value = found.code
  }

  async #keys(field: HTMLInputElement): Promise<void> {
    if (!world.secure) return
    try {
      const { keys } = await world.wallet()
      field.value = (await keys.unfinished()).slice(0, MOST).map((u) => u.keyHash).join(' ')
    } catch {
      // without a wallet nothing waits here
    }
  }
}

define('ingam-redeem', Redeem)
