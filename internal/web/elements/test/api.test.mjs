import assert from 'node:assert/strict'
import test from 'node:test'
import { withPage } from './page.mjs'

withPage({})
const { connect, ProblemError, problem, base64, bytes } = await import('../.build/api.js')

const json = (status, body, type = 'application/json') =>
  new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { 'Content-Type': type } })
const refused = (status, more = {}) =>
  json(status, { type: 'urn:ingam:problem:x', title: '무엇', detail: '어떻게', status, code: 2105, name: 'x', request: 'r', ...more }, 'application/problem+json')

/** An api whose fetch answers one of the given things after the other. */
function scripted(...answers) {
  const seen = { calls: [], waits: [], logIns: 0, heard: 0 }
  let online = true
  const api = connect({
    async fetch(url, init) {
      seen.calls.push([init.method, url, init.body, init.headers])
      const answer = answers.shift()
      if (answer instanceof Error) throw answer
      if (answer === 'hang') await new Promise((_, no) => init.signal.addEventListener('abort', () => no(init.signal.reason)))
      return answer
    },
    wait: async (ms) => void seen.waits.push(ms),
    online: () => online,
    logIn: () => void seen.logIns++,
    heard: () => void seen.heard++,
  })
  return { api, seen, offline: () => { online = false } }
}

test('JSON goes there and back, in the language of the page', async () => {
  const { api, seen } = scripted(json(200, { a: 1 }))
  assert.deepEqual(await api.post('/x', { b: 2 }), { a: 1 })
  const [method, url, body, headers] = seen.calls[0]
  assert.deepEqual([method, url, body], ['POST', '/api/v1/x', '{"b":2}'])
  assert.equal(headers['Accept-Language'], 'ko')
  assert.equal(seen.heard, 1)
})

test('a refusal says what the service said, and is not asked again', async () => {
  const { api, seen } = scripted(refused(409))
  const e = await api.get('/x').catch((e) => e)
  assert.ok(e instanceof ProblemError)
  assert.deepEqual([e.title, e.detail, e.code, e.status, e.reason, e.passing], ['무엇', '어떻게', 2105, 409, 'refused', false])
  assert.equal(seen.calls.length, 1)
})

test('a lost answer is asked for once more when that changes nothing', async () => {
  const lost = scripted(new TypeError('network'), json(200, { ok: true }))
  assert.deepEqual(await lost.api.get('/x'), { ok: true })
  const post = scripted(new TypeError('network'), json(200, {}))
  await assert.rejects(post.api.post('/x', {}), (e) => e.reason === 'down')
  assert.equal(post.seen.calls.length, 1)
  const again = scripted(new TypeError('network'), json(201, { n: 1 }))
  assert.deepEqual(await again.api.post('/x', {}, { again: true }), { n: 1 })
  const twice = scripted(new TypeError('1'), new TypeError('2'), json(200, {}))
  await assert.rejects(twice.api.get('/x'))
  assert.equal(twice.seen.calls.length, 2)
})

test('a service that asks to wait is waited for, a little', async () => {
  const soon = scripted(refused(503, { retryAfter: 2 }), json(200, {}))
  await soon.api.get('/x')
  assert.deepEqual(soon.seen.waits, [2000])
  const late = scripted(refused(503, { retryAfter: 30 }), json(200, {}))
  await assert.rejects(late.api.get('/x'), (e) => e.passing && e.retryAfter === 30)
  assert.equal(late.seen.calls.length, 1)
})

test('offline, a stranger that answers, an answer cut off, a silent server', async () => {
  const off = scripted(new TypeError('network'))
  off.offline()
  await assert.rejects(off.api.post('/x'), (e) => e.reason === 'offline' && e.title === 'el.net.offline')
  const stranger = scripted(new Response('<html>', { status: 502, headers: { 'Content-Type': 'text/html' } }))
  await assert.rejects(stranger.api.post('/x'), (e) => e.reason === 'down' && e.status === 502)
  const cut = scripted(new Response('{"a":', { status: 200 }))
  await assert.rejects(cut.api.post('/x'), (e) => e.reason === 'down' && e.passing)
  const alive = setTimeout(() => {}, 5000) // the timeout of a signal keeps no process alive
  const silent = scripted('hang')
  await assert.rejects(silent.api.post('/x', {}, { timeout: 5 }), (e) => e.reason === 'timeout')
  clearTimeout(alive)
})

test('a session that has ended leads to the login, a wrong answer does not', async () => {
  const ended = scripted(refused(401))
  await assert.rejects(ended.api.get('/x'))
  assert.equal(ended.seen.logIns, 1)
  const wrong = scripted(refused(401))
  await assert.rejects(wrong.api.post('/session/passkey', {}, { anonymous: true }))
  assert.equal(wrong.seen.logIns, 0)
})

test('what nobody foresaw shows nothing of its inside', () => {
  assert.deepEqual(problem(new Error('secret 1234')), { title: 'el.unforeseen', detail: 'el.unforeseen.do' })
})

test('base64 there and back', () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i)
  assert.deepEqual(bytes(base64(all)), all)
  assert.equal(base64(new Uint8Array([0xfb, 0xff])), '+/8=')
})
