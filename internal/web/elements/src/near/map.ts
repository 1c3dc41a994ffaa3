import { say } from '../say'

/** A position in degrees, WGS 84. */
export interface Spot {
  readonly latitude: number
  readonly longitude: number
}

/** A branch as the map draws it. */
export interface Mark extends Spot {
  readonly id: string
  readonly name: string
  readonly open: boolean
  readonly metres: number
}

const RADIANS = Math.PI / 180
const EARTH = 6371008.8 // metres; the mean radius
const KM_DEGREE = 111.2 // kilometres of a degree of latitude
const WIDTH = 400
const HEIGHT = 300
const ROOM = 30 // marks that are closer cover each other
const MOST = 10

/** Metres between two positions in a straight line, as the server measures them (haversine). */
export function distance(a: Spot, b: Spot): number {
  const half = (x: number): number => Math.sin(x / 2) ** 2
  const h = half((b.latitude - a.latitude) * RADIANS) +
    Math.cos(a.latitude * RADIANS) * Math.cos(b.latitude * RADIANS) * half((b.longitude - a.longitude) * RADIANS)
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** How far in words: 350 m, 2.3 km, 120 km. */
export function far(metres: number): string {
  if (metres < 995) return say('el.near.metres', { n: Math.max(10, Math.round(metres / 10) * 10) })
  return say('el.near.kilometres', { n: metres < 9950 ? (metres / 1000).toFixed(1) : Math.round(metres / 1000) })
}

/** How many of some branches, the nearest first, a map shows: those up to half as far again as the third. */
export function nearest(marks: readonly Mark[]): number {
  const third = marks[2]?.metres ?? Infinity
  let n = Math.min(3, marks.length)
  while (n < Math.min(MOST, marks.length) && (marks[n]?.metres ?? Infinity) <= Math.max(5000, 1.5 * third)) n++
  while (n > 1 && (marks[n - 1]?.metres ?? 0) > 100_000 && (marks[n - 1]?.metres ?? 0) > 2 * (marks[0]?.metres ?? 0)) n--
  return n
}

/** The largest of 1, 2, 5, 10, 20 … kilometres that is not above. */
function round(km: number): number {
  const power = 10 ** Math.floor(Math.log10(km))
  return (km >= 5 * power ? 5 : km >= 2 * power ? 2 : 1) * power
}

function make(name: string, attributes: Record<string, string | number>, ...inside: Node[]): SVGElement {
  const e = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, String(v))
  e.append(...inside)
  return e
}

/** Draws the nearest branches and where the device is into a map, in the place of what it showed. */
export function draw(svg: SVGSVGElement, here: Spot, marks: readonly Mark[]): void {
  const shown = marks.slice(0, nearest(marks))
  const lats = [here, ...shown].map((s) => s.latitude)
  const lons = [here, ...shown].map((s) => s.longitude)
  const middle = { latitude: (Math.min(...lats) + Math.max(...lats)) / 2, longitude: (Math.min(...lons) + Math.max(...lons)) / 2 }
  const squeeze = Math.cos(middle.latitude * RADIANS)
  // In degrees of latitude from side to side, with room for marks at the edge.
  const wide = Math.max(4 / KM_DEGREE, 1.25 * (Math.max(...lons) - Math.min(...lons)) * squeeze, 1.25 * (Math.max(...lats) - Math.min(...lats)) * WIDTH / HEIGHT)
  const unit = WIDTH / wide
  const x = (s: Spot): number => Math.round(WIDTH / 2 + (s.longitude - middle.longitude) * squeeze * unit)
  const y = (s: Spot): number => Math.round(HEIGHT / 2 - (s.latitude - middle.latitude) * unit)
  const km = round(wide * KM_DEGREE / 4)
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`)
  svg.replaceChildren(grid(km / KM_DEGREE * unit), arrow(x(here), y(here)), make('g', { class: 'map-marks' }, ...pins(shown, x, y)), scale(km, unit))
}

function grid(step: number): SVGElement {
  const g = make('g', { class: 'map-ground', 'aria-hidden': 'true' })
  for (let x = step; x < WIDTH; x += step) g.append(make('line', { class: 'map-grid', x1: x, y1: 0, x2: x, y2: HEIGHT }))
  for (let y = step; y < HEIGHT; y += step) g.append(make('line', { class: 'map-grid', x1: 0, y1: y, x2: WIDTH, y2: y }))
  return g
}

function arrow(x: number, y: number): SVGElement {
  return make('g', { class: 'map-here', role: 'img', 'aria-label': say('el.near.here') }, make('path', { d: `M${x} ${y}m0 -24l24 24l-24 24l-24 -24z` }),
    make('path', { d: `M${x} ${y}m-4 0h8m-4 -4v8` }))
}

/** The marks of branches; one that would cover another's is left to the list. */
function pins(marks: readonly Mark[], x: (s: Spot) => number, y: (s: Spot) => number): SVGElement[] {
  const set: Mark[] = []
  return marks.flatMap((m, i) => {
    if (set.some((o) => Math.hypot(x(o) - x(m), y(o) - y(m)) < ROOM)) return []
    set.push(m)
    const n = String(i + 1)
    return [make('a', { class: `map-mark${m.open ? ' map-open' : ''}`, href: `#${m.id}`, 'aria-label': say('el.near.one', { n, name: m.name }) },
      make('circle', { cx: x(m), cy: y(m), r: 14 }), make('text', { x: x(m), y: y(m), dy: 5 }, new Text(n)))]
  })
}

function scale(km: number, unit: number): SVGElement {
  return make('g', { class: 'map-scale', 'aria-hidden': 'true', transform: `translate(12 ${HEIGHT - 10})` },
    make('path', { d: `M0 -5v5h${km / KM_DEGREE * unit}v-5` }), make('text', { x: 4, y: -6 }, new Text(`${km} km`)))
}
