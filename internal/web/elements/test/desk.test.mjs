import assert from 'node:assert/strict'
import test from 'node:test'

const { ask, pause, EVERY } = await import('../.build/console/ask.js')
const { fresh, placeAfter } = await import('../.build/console/lists.js')

test('rows: up and down stop at the ends, other keys go nowhere', () => {
  assert.equal(placeAfter('ArrowDown', 0, 3), 1)
  assert.equal(placeAfter('ArrowDown', 2, 3), 2)
  assert.equal(placeAfter('ArrowUp', 0, 3), 0)
  assert.equal(placeAfter('Home', 2, 3), 0)
  assert.equal(placeAfter('End', 0, 3), 2)
  assert.equal(placeAfter('ArrowDown', -1, 3), 0) // from a place without a link
  assert.equal(placeAfter('Enter', 1, 3), undefined)
  assert.equal(placeAfter('ArrowDown', 0, 0), undefined)
})

test('lists: what is new', () => {
  assert.equal(fresh(['a', 'b', 'c'], ['a']), 2)
  assert.equal(fresh(['a'], ['a', 'b']), 0)
})

const answers = (...list) => {
  const asked = []
  return {
    asked,
    source: {
      hidden: () => false,
      shown: async () => {},
      async wait(ms) { asked.push(ms) },
      async get() {
        const next = list.shift()
        if (next === undefined) return { ok: false, status: 401, json: async () => ({}) }
        if (next instanceof Error) throw next
        return { ok: next.status === 200, status: next.status, json: async () => next.body }
      },
    },
  }
}

test('asking: every so often, less while nothing answers, and not after the session', async () => {
  assert.equal(pause(0), EVERY)
  assert.ok(pause(1) > EVERY && pause(3) > pause(2) && pause(50) === 60_000)
  const ok = { status: 200, body: { n: 1 } }
  const world = answers(ok, new Error('gone'), { status: 503 }, { status: 503 }, ok)
  const heard = []
  const failed = []
  await ask('/x', (a) => { heard.push(a) }, (is) => failed.push(is), world.source)
  assert.deepEqual(heard, [{ n: 1 }, { n: 1 }])
  assert.deepEqual(failed, [true, false]) // the first failure is passed over, and what is back is said once
  assert.deepEqual(world.asked, [EVERY, EVERY, pause(1), pause(2), pause(3), EVERY])
})

test('asking: waits while the page is hidden, and stops when it is told to', async () => {
  const world = answers({ status: 200, body: 1 }, { status: 200, body: 2 })
  let hidden = true
  world.source.hidden = () => hidden
  world.source.shown = async () => { hidden = false }
  const heard = []
  await ask('/x', (a) => { heard.push(a); return a === 2 ? false : undefined }, () => {}, world.source)
  assert.deepEqual(heard, [1, 2])
  assert.equal(hidden, false)
})

test('asking: an answer that can\'t be dealt with is a failure, not the end', async () => {
  const world = answers({ status: 200, body: 1 }, { status: 200, body: 2 })
  const heard = []
  await ask('/x', (a) => { if (a === 1) throw new Error('no list'); heard.push(a) }, () => {}, world.source)
  assert.deepEqual(heard, [2])
})
