// Keys of the console: what has data-key is pressed by that key, with Alt also
// while one types; what has data-key-focus, too, is gone to, and Enter presses
// it. Keys go by their place on the keyboard, so that they work while the Korean
// input method is on. "?" lists them.
import { openDialog } from '../base'
import { say } from '../say'

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])'))

/** The key's name as data-key has it: a digit, a lower-case letter, or "?". */
export function nameOf(event: KeyboardEvent): string {
  if (event.key === '?') return '?'
  const place = /^(?:Digit|Numpad|Key)([0-9A-Z])$/.exec(event.code)
  return place ? place[1]!.toLowerCase() : ''
}

function press(target: HTMLElement): void {
  target.focus()
  if (target.dataset.keyFocus === undefined && target.matches('a[href], button, summary')) target.click()
}

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || document.querySelector('dialog[open]')) return
  if (typing(event.target) && !event.altKey) return
  const name = nameOf(event)
  if (!name) return
  if (name === '?') {
    help()
    event.preventDefault()
    return
  }
  const target = [...document.querySelectorAll<HTMLElement>(`[data-key="${name}"]`)].find((e) => e.getClientRects().length > 0)
  if (!target) return
  event.preventDefault()
  press(target)
}

/** Lists the keys of the page. */
function help(): void {
  const dialog = document.createElement('dialog')
  dialog.className = 'dialog'
  dialog.setAttribute('aria-label', say('c.keys'))
  const title = document.createElement('h2')
  title.textContent = say('c.keys')
  const list = document.createElement('dl')
  list.className = 'facts-tight'
  for (const e of document.querySelectorAll<HTMLElement>('[data-key]')) {
    const key = document.createElement('kbd')
    key.textContent = e.dataset.key!.toUpperCase()
    const dt = document.createElement('dt')
    dt.append(key)
    const dd = document.createElement('dd')
    dd.textContent = e.dataset.keyLabel ?? [...e.childNodes].filter((n) => !(n instanceof HTMLElement && n.matches('kbd, .count'))).map((n) => n.textContent).join('').trim()
    list.append(dt, dd)
  }
  const alt = document.createElement('p')
  alt.className = 'hint'
  alt.textContent = say('c.keys.alt')
  const close = document.createElement('button')
  close.type = 'button'
  close.className = 'btn btn-secondary'
  close.textContent = say('c.keys.close')
  close.addEventListener('click', () => dialog.close())
  dialog.append(title, list, alt, close)
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  openDialog(dialog)
  close.focus()
}

document.addEventListener('keydown', pressed)
for (const button of document.querySelectorAll('[data-keys-help]')) button.addEventListener('click', help)
