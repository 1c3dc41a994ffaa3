// Guessing is slowed down in all tabs together, and what is stored tells nothing.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openKey } from '../../.build/npki/key.js'
import { readNpki } from '../../.build/folder/npki.js'
import { Authority, launch, OTHER, PASSWORD, serve, tab } from './stage.mjs'

let site, browser, authority
before(async () => {
  site = await serve()
  authority = new Authority()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  site?.close()
  authority?.close()
})

/** A fresh profile whose wallet holds one certificate. */
async function holder(run) {
  const context = await browser.newContext()
  const errors = []
  try {
    const page = await tab(context, site.url, errors)
    const request = await page.evaluate(async ({ km, password }) => {
      const { request } = await wallet.begin({ application: 'a', challenge: 'c', kmCertificate: bytes(km), bits: 2048, ca: 'stage', password })
      return text(request)
    }, { km: authority.km(), password: PASSWORD })
    const id = await page.evaluate(async (c) => (await wallet.finish('a', bytes(c))).id, authority.certify(request))
    await run({ context, page, id, open: () => tab(context, site.url, errors) })
    assert.deepEqual(errors, [])
  } finally {
    await context.close()
  }
}

const sign = (page, id, password) =>
  page.evaluate(({ id, password }) => caught(wallet.sign(id, password, 'x')), { id, password })
const later = async (pages, seconds) => {
  for (const page of pages) await page.clock.setFixedTime((await page.evaluate(() => Date.now())) + seconds * 1000)
}

test('five wrong passwords, in whichever tab, make the key rest', () =>
  holder(async ({ page, id, open }) => {
    const other = await open()
    for (const [p, left] of [[page, 4], [other, 3], [page, 2], [other, 1]]) {
      const { code, left: said, rest } = await sign(p, id, OTHER)
      assert.deepEqual([code, said, rest], ['wrong-password', left, undefined])
    }
    const fifth = await sign(page, id, OTHER)
    assert.deepEqual([fifth.code, fifth.left], ['wrong-password', 0])
    assert.ok(fifth.rest > 25 && fifth.rest <= 30, `${fifth.rest} s`)
    for (const p of [page, other]) assert.equal((await sign(p, id, PASSWORD)).code, 'locked', 'the right one rests, too')

    await page.reload()
    await other.close()
    const back = await open()
    assert.equal((await sign(back, id, PASSWORD)).code, 'locked', 'after a reload')
    assert.ok(await back.evaluate(async (id) => (await wallet.get(id)).lockedUntil > new Date(), id))

    await later([back], 31)
    const sixth = await sign(back, id, OTHER)
    assert.equal(sixth.code, 'wrong-password')
    assert.ok(sixth.rest > 55 && sixth.rest <= 60, `${sixth.rest} s`)
    await later([back], 61)
    assert.equal(await sign(back, id, PASSWORD), 'nothing', 'the right one opens')
    assert.equal((await sign(back, id, OTHER)).left, 4, 'and clears the count')
  }))

test('guesses made at once are all counted', () =>
  holder(async ({ page, id, open }) => {
    const other = await open()
    const many = (p) => p.evaluate(({ id, password }) => Promise.all(Array.from({ length: 8 }, () => caught(wallet.sign(id, password, 'x')))), { id, password: OTHER })
    const codes = (await Promise.all([many(page), many(other)])).flat().map(({ code }) => code)
    assert.equal(codes.filter((c) => c === 'wrong-password').length, 5)
    assert.equal(codes.filter((c) => c === 'locked').length, 11)
  }))

test('the rest never gets longer than half an hour', async () => {
  const { restAfter } = await import('../../.build/wallet/lockout.js')
  assert.deepEqual([0, 4, 5, 6, 7, 10, 11, 12, 1000].map(restAfter), [0, 0, 30_000, 60_000, 120_000, 960_000, 1_800_000, 1_800_000, 1_800_000])
})

test('another failure than the password costs no try', () =>
  holder(async ({ page, id }) => {
    assert.equal((await sign(page, id, OTHER)).left, 4)
    const large = await page.evaluate(({ id, password }) => caught(wallet.sign(id, password, new Uint8Array(33 << 20))), { id, password: PASSWORD })
    assert.equal(large.code, 'too-large')
    assert.equal((await sign(page, id, OTHER)).left, 3)
  }))

test('a key that waits for its certificate is guarded as well', () =>
  holder(async ({ page }) => {
    const again = (password) =>
      page.evaluate(({ km, password }) => caught(wallet.begin({ application: 'b', challenge: 'c', kmCertificate: bytes(km), bits: 2048, ca: 'stage', password })), { km: authority.km(), password })
    assert.equal(await again(PASSWORD), 'nothing')
    for (const left of [4, 3, 2, 1, 0]) assert.equal((await again(OTHER)).left, left)
    assert.equal((await again(PASSWORD)).code, 'locked')
  }))

test('neither password nor key nor R is stored in clear', () =>
  holder(async ({ context, page, id }) => {
    await sign(page, id, PASSWORD)
    await sign(page, id, OTHER)
    await page.evaluate(async ({ km, password }) => {
      await wallet.begin({ application: 'b', challenge: 'c', kmCertificate: bytes(km), bits: 2048, ca: 'stage', password })
    }, { km: authority.km(), password: PASSWORD })
    const stored = Buffer.from(await page.evaluate(dump), 'base64')
    const zip = await page.evaluate(async ({ id, password }) => text(await wallet.exportZip(id, password)), { id, password: PASSWORD })
    const [entry] = await readNpki([{ path: 'x.zip', bytes: new Uint8Array(Buffer.from(zip, 'base64')) }])
    const { pkcs8, r } = await openKey(entry.key, PASSWORD)

    assert.ok(stored.includes(Buffer.from(entry.certificate)), 'the dump sees what is stored')
    for (const password of [PASSWORD, OTHER]) {
      assert.ok(!stored.includes(password, 'utf8') && !stored.includes(password, 'utf16le'))
    }
    assert.ok(!stored.includes(Buffer.from(r)) && !stored.includes(Buffer.from(r).toString('hex')))
    const secret = pkcs8.subarray(pkcs8.length >> 1) // exponents and primes
    for (let i = 0; i + 16 <= secret.length; i += 16) assert.ok(!stored.includes(Buffer.from(secret.subarray(i, i + 16))))
    assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0)
    assert.deepEqual(await context.cookies(), [])
  }))

/** Runs in the page: every value of every database, as bytes one after the other. */
async function dump() {
  const parts = []
  const walk = (value) => {
    if (value instanceof Uint8Array) parts.push(value)
    else if (value instanceof ArrayBuffer) parts.push(new Uint8Array(value))
    else if (value && typeof value === 'object') Object.entries(value).forEach((pair) => pair.forEach(walk))
    else parts.push(new TextEncoder().encode(String(value)))
  }
  const done = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error) })
  for (const { name } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name))
    for (const store of db.objectStoreNames) walk(await done(db.transaction(store).objectStore(store).getAll()))
    db.close()
  }
  return text(new Uint8Array(await new Blob(parts).arrayBuffer()))
}
