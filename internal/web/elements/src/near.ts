import { announce, define, focusOn } from './base'
import { say } from './say'
import { distance, draw, far, type Spot } from './near/map'

/** How many branches a list shows before it folds the others. */
const FIRST = 10

/**
 * A button that puts the branches of the page into the order of how far they are
 * from the device. The position is asked for when it is pressed, used here, and
 * goes nowhere: into no address, no request, no store.
 */
export class NearElement extends HTMLElement {
  /** Gives the device's position; of another world in tests and pictures. */
  locate: () => Promise<Spot> = position
  private busy = false

  connectedCallback(): void {
    if (this.childElementCount || !('geolocation' in navigator)) return
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'btn btn-secondary'
    button.textContent = say('el.near.button')
    const hint = document.createElement('p')
    hint.className = 'hint'
    hint.textContent = say('el.near.why')
    button.addEventListener('click', () => { void this.ask(button, hint) })
    this.append(button, hint)
  }

  private async ask(button: HTMLButtonElement, hint: HTMLElement): Promise<void> {
    if (this.busy) return
    this.busy = true
    button.setAttribute('aria-busy', 'true')
    const tell = (text: string): void => { hint.textContent = text; announce(text) }
    tell(say('el.near.busy'))
    try {
      sort(await this.locate())
      tell(say('el.near.done'))
      focusOn(document.querySelector<HTMLElement>('#found'))
    } catch (e) {
      tell(say(refused(e) ? 'el.near.denied' : 'el.near.failed'))
    } finally {
      this.busy = false
      button.removeAttribute('aria-busy')
    }
  }
}

function position(): Promise<Spot> {
  return new Promise((done, failed) => {
    navigator.geolocation.getCurrentPosition((p) => { done(p.coords) }, failed, { timeout: 20_000, maximumAge: 60_000 })
  })
}

const refused = (e: unknown): boolean => typeof e === 'object' && e !== null && 'code' in e && e.code === 1

/** The page's branches, the nearest first, in the list and on the map. */
function sort(here: Spot): void {
  const nearest = document.querySelector<HTMLElement>('#nearest')
  if (!nearest) return
  const all = [...document.querySelectorAll<HTMLElement>('.branch')].map((row) => {
    const spot = { latitude: Number(row.dataset['latitude']), longitude: Number(row.dataset['longitude']) }
    return { ...spot, row, name: row.dataset['name'] ?? '', id: row.id, open: 'open' in row.dataset, metres: distance(here, spot) }
  })
  all.sort((a, b) => a.metres - b.metres)
  const folded = document.querySelector('#farther ol')
  all.forEach(({ row, metres }, i) => {
    const place = row.querySelector('.branch-place')
    const how = row.querySelector('.branch-far')
    if (place) place.textContent = String(i + 1)
    if (how) how.textContent = far(metres)
    ;(i < FIRST || !folded ? nearest : folded).append(row)
  })
  const heading = document.querySelector('#found')
  if (heading) heading.textContent = say('el.near.title')
  const svg = document.querySelector<SVGSVGElement>('svg.map')
  if (svg) draw(svg, here, all)
  const caption = document.querySelector('.map-figure figcaption')
  if (caption) caption.textContent = say('el.near.map')
}

define('ingam-near', NearElement)
