import { LitElement } from 'lit'

/**
 * An element in the page itself: the page's style sheet reaches it, its fields
 * belong to the page's forms, and what it holds without script stays before
 * what it adds.
 */
export abstract class Base extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this
  }

  /** Focus moves to the first match once it is drawn. */
  protected async focusOn(selector: string): Promise<void> {
    await this.updateComplete
    focusOn(this.querySelector<HTMLElement>(selector))
  }
}

/** Moves the focus, also to what can't be reached by Tab: a heading, a notice. */
export function focusOn(target: HTMLElement | null | undefined): void {
  if (!target) return
  if (target.tabIndex < 0 && !target.hasAttribute('tabindex')) target.tabIndex = -1
  target.focus()
}

let speaker: HTMLElement | undefined

/** Says a sentence to those who listen to the page. The same one twice is said twice. */
export function announce(text: string): void {
  if (!speaker?.isConnected) {
    speaker = document.createElement('div')
    speaker.className = 'visually-hidden'
    speaker.setAttribute('aria-live', 'polite')
    speaker.setAttribute('role', 'status')
    document.body.append(speaker)
  }
  const target = speaker
  target.textContent = ''
  setTimeout(() => { target.textContent = text }, 100) // a region must stand before it speaks
}

/** Defines an element once, also when two bundles hold it. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element)
}

let counter = 0

/** An id that no other element of the page has. */
export function newId(prefix: string): string {
  return `${prefix}-${++counter}`
}

/** Shows a native dialog with the focus kept in it, and gives it back afterwards. */
export function openDialog(dialog: HTMLDialogElement): void {
  const before = document.activeElement
  dialog.addEventListener('close', () => { if (before instanceof HTMLElement && before.isConnected) before.focus() }, { once: true })
  if (!dialog.open) dialog.showModal()
}
