/** What of a picture may make it unreadable. */
export type Hint = 'small' | 'blurred' | 'dark' | 'bright'

/** Grey pixels, row by row, 0 to 255. */
export interface Grey {
  width: number
  height: number
  pixels: Uint8ClampedArray | Uint8Array
}

/** Pictures are measured at this width, so that the bounds below mean the same for all. */
export const MEASURED = 640

/** A card fills the picture: fewer pixels than this across can't show its small print. */
export const LEAST_WIDTH = 900

const SHARP = 60 // variance of the Laplacian; print in focus has several hundred
const DARK = 55 // mean
const BRIGHT = 235 // mean; a white page with print has some 220
const GLARE = 0.35 // share of pixels that are burnt out, in a picture that is else bright

/** What may be wrong with a picture of `width` by `height` pixels; none when it looks fine. */
export function hints(width: number, height: number, grey: Grey): Hint[] {
  const found: Hint[] = []
  if (Math.max(width, height) < LEAST_WIDTH) found.push('small')
  const { mean, burnt } = light(grey)
  if (mean < DARK) found.push('dark')
  else if (mean > BRIGHT || (burnt > GLARE && mean > 200)) found.push('bright')
  if (sharpness(grey) < SHARP) found.push('blurred')
  return found
}

/** Mean of the pixels, and the share of those that are burnt out. */
export function light({ pixels }: Grey): { mean: number; burnt: number } {
  let sum = 0
  let burnt = 0
  for (const p of pixels) {
    sum += p
    if (p >= 253) burnt++
  }
  const n = pixels.length || 1
  return { mean: sum / n, burnt: burnt / n }
}

/** The variance of the Laplacian: high where edges are sharp, low where they are smeared. */
export function sharpness({ width, height, pixels }: Grey): number {
  let sum = 0
  let squares = 0
  let n = 0
  const at = (i: number): number => pixels[i] ?? 0
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x
      const l = at(i - 1) + at(i + 1) + at(i - width) + at(i + width) - 4 * at(i)
      sum += l
      squares += l * l
      n++
    }
  }
  return n ? squares / n - (sum / n) ** 2 : 0
}

/** Grey of RGBA pixels (ITU-R BT.601). */
export function greyOf(width: number, height: number, rgba: Uint8ClampedArray): Grey {
  const pixels = new Uint8ClampedArray(width * height)
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = 0.299 * (rgba[4 * i] ?? 0) + 0.587 * (rgba[4 * i + 1] ?? 0) + 0.114 * (rgba[4 * i + 2] ?? 0)
  }
  return { width, height, pixels }
}
