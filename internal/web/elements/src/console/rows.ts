// Rows of a table that leads somewhere: up and down go from link to link, Enter
// opens, Home and End go to the first and the last.
import { placeAfter } from './lists'

const links = (table: Element): HTMLElement[] => [...table.querySelectorAll<HTMLElement>('tbody tr')].flatMap((row) => row.querySelector<HTMLElement>('a[href], button') ?? [])

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
