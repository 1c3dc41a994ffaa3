// What is worked out about lists, without a page.

/** The place to go to by a key; undefined when the key goes nowhere. */
export function placeAfter(key: string, at: number, length: number): number | undefined {
  if (!length) return undefined
  switch (key) {
    case 'ArrowDown': return Math.min(at + 1, length - 1)
    case 'ArrowUp': return Math.max(at - 1, 0)
    case 'Home': return 0
    case 'End': return length - 1
  }
  return undefined
}

/** How many of the one are not in the other. */
export const fresh = (now: string[], shown: string[]): number => now.filter((id) => !shown.includes(id)).length
