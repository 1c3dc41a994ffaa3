// Rows of a table that leads somewhere: up and down go from link to link, Enter
// opens, Home and End go to the first and the last.
const links = (table: Element): HTMLElement[] => [...table.querySelectorAll<HTMLElement>('tbody tr')].flatMap((row) => row.querySelector<HTMLElement>('a[href], button') ?? [])

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

function moved(event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !(event.target instanceof HTMLElement)) return
  const table = event.target.closest('table[data-rows]')
  if (!table) return
  const all = links(table)
  const row = event.target.closest('tr')
  const place = placeAfter(event.key, all.findIndex((link) => link.closest('tr') === row), all.length)
  if (place === undefined) return
  event.preventDefault()
  all[place]!.focus()
}

document.addEventListener('keydown', moved)
