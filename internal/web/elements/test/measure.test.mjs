import assert from 'node:assert/strict'
import test from 'node:test'
import { greyOf, hints, light, sharpness } from '../.build/photo/measure.js'
import { framed } from '../.build/photo/picture.js'

const W = 640
const H = 404

/** A card: print as dark strokes on a light ground. */
function card(ground = 190, ink = 40) {
  const pixels = new Uint8ClampedArray(W * H).fill(ground)
  for (let y = 60; y < H - 60; y += 24) {
    for (let x = 60; x < W - 220; x++) if ((x * 7 + y) % 11 < 4) for (let d = 0; d < 8; d++) pixels[(y + d) * W + x] = ink
  }
  return { width: W, height: H, pixels }
}

/** The mean of the box of 2r+1 pixels around each: out of focus. */
function blurred({ width, height, pixels }, r) {
  const pass = (from, step, length, others, otherStep) => {
    const to = new Float64Array(from.length)
    for (let o = 0; o < others; o++) {
      for (let i = 0; i < length; i++) {
        let sum = 0
        for (let d = -r; d <= r; d++) sum += from[o * otherStep + Math.min(length - 1, Math.max(0, i + d)) * step]
        to[o * otherStep + i * step] = sum / (2 * r + 1)
      }
    }
    return to
  }
  const rows = pass(pixels, 1, width, height, width)
  return { width, height, pixels: Uint8ClampedArray.from(pass(rows, width, height, width, 1)) }
}

test('print in focus is sharp, the same out of focus is not, and more so the further', () => {
  const [sharp, soft, softer] = [card(), blurred(card(), 3), blurred(card(), 8)].map(sharpness)
  assert.ok(sharp > soft && soft > softer, `${sharp} ${soft} ${softer}`)
  assert.deepEqual(hints(1600, 1010, card()), [])
  assert.deepEqual(hints(1600, 1010, blurred(card(), 8)), ['blurred'])
})

test('a plain sheet has nothing sharp', () => {
  assert.equal(sharpness({ width: W, height: H, pixels: new Uint8ClampedArray(W * H).fill(128) }), 0)
  assert.equal(sharpness({ width: 1, height: 1, pixels: new Uint8ClampedArray(1) }), 0)
})

test('small, dark, bright', () => {
  assert.deepEqual(hints(640, 480, card()), ['small'])
  assert.deepEqual(hints(480, 1600, card()), [], 'upright and large enough')
  assert.ok(hints(1600, 1010, card(30, 5)).includes('dark'))
  assert.ok(hints(1600, 1010, card(255, 120)).includes('bright'))
})

test('light: mean and what is burnt out', () => {
  assert.deepEqual(light({ width: 2, height: 1, pixels: Uint8ClampedArray.of(0, 255) }), { mean: 127.5, burnt: 0.5 })
})

test('grey of colours', () => {
  const { pixels } = greyOf(3, 1, Uint8ClampedArray.of(255, 255, 255, 255, 0, 0, 0, 255, 255, 0, 0, 255))
  assert.deepEqual([...pixels], [255, 0, 76])
})

test('what is kept of a video lies within it and has the card\'s shape', () => {
  for (const [width, height] of [[1920, 1080], [640, 480], [1080, 1920], [720, 720]]) {
    const p = framed({ width, height })
    assert.ok(p.x >= 0 && p.y >= 0 && p.x + p.width <= width + 1e-9 && p.y + p.height <= height + 1e-9)
    assert.ok(Math.abs(p.width / p.height - 1.586) < 0.01, `${width}x${height}`)
  }
})
