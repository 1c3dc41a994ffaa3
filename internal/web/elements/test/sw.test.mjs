// The service worker in a browser of cardboard: what it keeps, and that it
// never stands between a page and a network that works.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { createContext, runInContext } from 'node:vm'

const script = readFileSync(new URL('../.build/sw.js', import.meta.url), 'utf8').replace(/^export \{.*$/m, '')
const HASH = 'a1b2c3'
const BASE = `/assets/${HASH}`
const ORIGIN = 'https://bank.example'

function answerOf(body, { status = 200, cache = '', type = 'basic' } = {}) {
  const answer = new Response(body, { status, headers: { 'Cache-Control': cache } })
  Object.defineProperty(answer, 'type', { value: type })
  return answer
}
const pageOf = (language, base = BASE) => `<!doctype html><html lang="${language}"><script src="${base}/wallet.js"></script>`

/** A worker, what it has kept, and the network as `net` answers. */
function stage({ full = false, broken = false, net } = {}) {
  const kept = new Map()
  const key = (r) => new URL(r.url ?? r, ORIGIN).href
  const cache = {
    match: async (r) => kept.get(key(r))?.clone(),
    put: async (r, answer) => {
      if (full) throw new DOMException('', 'QuotaExceededError')
      kept.set(key(r), answer)
    },
    delete: async (r) => kept.delete(key(r)),
  }
  cache.addAll = async (all) => { for (const a of all) await cache.put(a, await fetched(a)) }
  const fetched = async (r, o) => {
    const answer = net?.(new URL(r.url ?? r, ORIGIN).pathname, o?.headers?.['Accept-Language'] ?? 'ko')
    if (answer) return answer
    const { pathname } = new URL(r.url ?? r, ORIGIN)
    return pathname.startsWith('/assets/')
      ? answerOf('file', { cache: 'public, max-age=31536000, immutable' })
      : answerOf(pageOf(o?.headers?.['Accept-Language'] ?? 'ko'))
  }
  const listeners = {}
  const scope = {
    INGAM: { base: BASE, files: ['wallet.js', 'style.css', 'apply.js'] },
    addEventListener: (type, listen) => { listeners[type] = listen },
    skipWaiting: async () => undefined,
    clients: { claim: async () => undefined },
    location: new URL(ORIGIN + '/sw.js'),
    caches: { open: async () => { if (broken) throw new DOMException('', 'UnknownError'); return cache }, keys: async () => [] },
    navigator: { language: 'ko-KR' },
    fetch: fetched,
    Response, URL, TypeError, Promise, setTimeout: () => 0,
  }
  scope.globalThis = scope
  runInContext(script, createContext(scope))
  const install = () => new Promise((resolve, reject) => listeners.install({ waitUntil: (work) => work.then(resolve, reject) }))
  const ask = async (path, mode = 'navigate') => {
    let answer
    listeners.fetch({ request: { url: ORIGIN + path, method: 'GET', mode, headers: new Headers() }, respondWith: (a) => { answer = a } })
    return (await answer)?.text()
  }
  return { kept, install, ask, has: (path) => kept.has(ORIGIN + path) }
}

test('keeps the wallet and its files, in both languages, and no other page', async () => {
  const s = stage()
  await s.install()
  assert.ok(s.has('/wallet?lang=ko') && s.has('/wallet?lang=en') && s.has(`${BASE}/wallet.js`) && !s.has(`${BASE}/apply.js`))
  assert.match(await s.ask('/certificates'), /lang/)
  assert.ok(![...s.kept.keys()].some((k) => k.includes('certificates')))
})

test('a disk that is full, or a storage out of order, keeps nobody from a page or a file', async () => {
  for (const trouble of [{ full: true }, { broken: true }]) {
    const s = stage(trouble)
    assert.match(await s.ask('/wallet'), /wallet\.js/)
    assert.equal(await s.ask(`${BASE}/wallet.js`, 'no-cors'), 'file')
    await assert.rejects(s.install())
  }
})

test('a server of another version lends its files for the moment, and none is kept under our name', async () => {
  const other = { net: (path) => (path.startsWith('/assets/') ? answerOf('another', { cache: 'public, max-age=60' }) : undefined) }
  const s = stage(other)
  await assert.rejects(s.install(), TypeError)
  assert.equal(await s.ask(`${BASE}/wallet.js`, 'no-cors'), 'another')
  assert.equal(s.kept.has(`${ORIGIN}${BASE}/wallet.js`), false)
})

test('a page of another version is shown, and not kept beside our files', async () => {
  const s = stage({ net: (path, language) => (path.startsWith('/assets/') ? undefined : answerOf(pageOf(language, '/assets/ffffff'))) })
  await assert.rejects(s.install(), TypeError)
  assert.match(await s.ask('/wallet'), /ffffff/)
  assert.ok(!s.has('/wallet?lang=ko'))
})
