/** Sets the elements inside `root` to one state. */
export type Set = (root: ParentNode) => void | Promise<void>

/** An element with its world, which it has before it comes to life if the gallery's script runs first. */
export async function found<T extends HTMLElement & { updateComplete: Promise<boolean> }>(root: ParentNode, name: string, world?: unknown): Promise<T> {
  const e = root.querySelector<T>(name)
  if (!e) throw new Error(`the page has no ${name}`)
  if (world) Object.assign(e, { world })
  await customElements.whenDefined(name)
  await e.updateComplete
  return e
}

/** Waits, looking each frame; for a gallery that is soon enough. */
export async function until(done: () => boolean): Promise<void> {
  for (let i = 0; i < 600 && !done(); i++) await new Promise((next) => requestAnimationFrame(next))
}

/** Types into a field, as a person would. */
export function fill(input: HTMLInputElement | undefined, value: string): void {
  if (!input) return
  input.value = value
  input.dispatchEvent(new Event('input', { bubbles: true }))
}
