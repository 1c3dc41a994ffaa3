// What may not get lost, come back or open again in the built wallet: pages
// closed at any moment, tabs in each other's way, clocks and connections that
// change, files from anywhere.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { COMPATIBLE } from '../../.build/crypto/pbes.js'
import { openKey, sealKey } from '../../.build/npki/key.js'
import { readNpki } from '../../.build/folder/npki.js'
import { writePfx } from '../../.build/pfx/pfx.js'
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

async function device(run) {
  const context = await browser.newContext()
  const errors = []
  try {
    await run(async () => {
      const page = await tab(context, site.url, errors)
      await page.evaluate(() => {
        globalThis.begin = async (application, km, password) =>
          text((await wallet.begin({ application, challenge: 'c', kmCertificate: bytes(km), bits: 2048, ca: 'stage', password })).request)
        // What stands in the database, under the wallet's feet.
        globalThis.stored = (table, change) =>
          new Promise((resolve, reject) => {
            const open = indexedDB.open('ingam-wallet')
            open.onerror = () => reject(open.error)
            open.onsuccess = () => {
              const db = open.result
              const all = db.transaction(table, 'readwrite')
              const store = all.objectStore(table)
              let out
              store.getAll().onsuccess = ({ target }) => {
                out = target.result
                if (change) for (const one of out) store.put(Object.assign(one, change))
              }
              all.oncomplete = () => (db.close(), resolve(out))
            }
          })
      })
      return page
    })
    assert.deepEqual(errors, [])
  } finally {
    await context.close()
  }
}

const begin = (page, application = 'a1', password = PASSWORD) =>
  page.evaluate(([a, km, p]) => begin(a, km, p), [application, authority.km(), password])
const finish = (page, request, application = 'a1', cn) =>
  page.evaluate(async ([a, c]) => (await wallet.finish(a, bytes(c))).id, [application, authority.certify(request, cn)])
const unfinished = (page) =>
  page.evaluate(async () => (await wallet.unfinished()).map(({ application, ca, begunAt }) => ({ application, ca, ago: Date.now() - begunAt })))
const guess = (page, id, password = 'Wr0ng&wrong') => page.evaluate(([id, p]) => caught(wallet.sign(id, p, 'x')), [id, password])

test('a key that waits is listed until its certificate comes, in every tab', () =>
  device(async (open) => {
    const page = await open()
    const other = await open()
    await other.evaluate(() => { globalThis.heard = 0; wallet.subscribe(() => heard++) })
    const first = await begin(page, 'a1')
    await begin(page, 'a2')
    await page.close()
    const list = await unfinished(other)
    assert.deepEqual(list.map((u) => u.application), ['a2', 'a1'], 'the latest first')
    assert.ok(list.every((u) => u.ca === 'stage' && u.ago >= 0 && u.ago < 60_000))
    assert.equal(await other.evaluate(() => heard), 2, 'the other tab heard')
    await finish(other, first)
    assert.deepEqual((await unfinished(other)).map((u) => u.application), ['a2'])
    await other.evaluate(() => wallet.discard('a2'))
    assert.deepEqual(await unfinished(other), [])
    assert.equal(await other.evaluate(() => heard), 4)
  }))

test('a key that was finished while another tab opened it does not wait again', () =>
  device(async (open) => {
    const [page, other] = [await open(), await open()]
    const request = await begin(page)
    // The other tab has read that it waits, and is at the password.
    const resumed = other.evaluate(([km, p]) => caught(begin('a1', km, p)), [authority.km(), PASSWORD])
    await other.waitForFunction(async () => (await stored('locks')).length > 0, undefined, { polling: 5 })
    await finish(page, request)
    await resumed
    assert.equal(await page.evaluate(() => wallet.pending('a1')), false)
    assert.equal(await page.evaluate(async () => (await wallet.list()).length), 1)
  }))

test('a clock that is set back ends no rest, and makes none longer', () =>
  device(async (open) => {
    const page = await open()
    const id = await finish(page, await begin(page))
    for (let i = 0; i < 5; i++) await guess(page, id)
    assert.equal((await guess(page, id, PASSWORD)).code, 'locked')
    await page.evaluate(() => stored('locks', { until: Date.now() + 86_400_000 })) // as it looks after the clock went back a day
    const { code, rest } = await guess(page, id, PASSWORD)
    assert.equal(code, 'locked')
    assert.ok(rest <= 30, `rests ${rest} s`)
    assert.ok(await page.evaluate(async (id) => (await wallet.get(id)).lockedUntil - Date.now() <= 30_000, id))
  }))

test('a try that is given back ends no rest that others brought', () =>
  device(async (open) => {
    const page = await open()
    const id = await finish(page, await begin(page))
    const cut = await page.evaluate(async (id) => {
      const other = await sdk.Wallet.open()
      const trying = caught(other.sign(id, 'Wr0ng&wrong', 'x'))
      while (!(await stored('locks')).length);
      await stored('locks', { tries: 6, until: Date.now() + 60_000 }) // wrong ones meanwhile
      other.close()
      return trying
    }, id)
    assert.equal(cut.code, 'unsupported', 'cut off: nobody knows whether it was right')
    assert.equal((await guess(page, id, PASSWORD)).code, 'locked')
  }))

test('a connection that the browser took away is opened again', () =>
  device(async (open) => {
    const page = await open()
    assert.equal(await page.evaluate(async () => {
      const { transaction } = IDBDatabase.prototype
      let broken = 1
      IDBDatabase.prototype.transaction = function (...a) {
        if (broken-- > 0) throw new DOMException('The connection was lost', 'InvalidStateError')
        return transaction.apply(this, a)
      }
      return caught(wallet.list())
    }), 'nothing')
  }))

async function exported(page, id) {
  const zip = await page.evaluate(async ([id, p]) => text(await wallet.exportZip(id, p)), [id, PASSWORD])
  const [entry] = await readNpki([{ path: 'x.zip', bytes: new Uint8Array(Buffer.from(zip, 'base64')) }])
  return { certificate: entry.certificate, key: await openKey(entry.key, PASSWORD) }
}
const base64 = (b) => Buffer.from(b).toString('base64')

test('a safer form leaves no copy of the password in the old one', () =>
  device(async (open) => {
    const page = await open()
    const { certificate, key } = await exported(page, await finish(page, await begin(page)))
    const old = base64(await sealKey(key, PASSWORD, COMPATIBLE))
    const elsewhere = base64(await sealKey(key, OTHER, COMPATIBLE))
    const kept = await page.evaluate(async ({ c, old, elsewhere, p }) => {
      const out = []
      for (const kmKey of [old, elsewhere]) {
        for (const { id } of await wallet.list()) await wallet.remove(id)
        await wallet.add({ certificate: bytes(c), key: bytes(old), kmCertificate: bytes(c), kmKey: bytes(kmKey) }, p, { modernise: true })
        const [{ key, km }] = await stored('entries')
        out.push(text(key), text(km.key))
      }
      return out
    }, { c: base64(certificate), old, elsewhere, p: PASSWORD })
    const schemes = []
    for (const [i, k] of kept.entries()) schemes.push((await openKey(Buffer.from(k, 'base64'), i === 3 ? OTHER : PASSWORD)).encryption.scheme)
    assert.deepEqual(schemes, ['pbes2-aes256', 'pbes2-aes256', 'pbes2-aes256', 'seed15'], 'one with another password stays')
  }))

test('a file without a password gets one', () =>
  device(async (open) => {
    const page = await open()
    const id = await finish(page, await begin(page))
    const { certificate, key } = await exported(page, id)
    const pfx = base64(await writePfx({ key, certificate, chain: [] }, '', { iterations: 1024 }))
    await page.evaluate((id) => wallet.remove(id), id)
    const refused = await page.evaluate((pfx) => caught(wallet.addPfx(bytes(pfx), '')), pfx)
    assert.equal(refused.code, 'password')
    assert.deepEqual(await page.evaluate(() => stored('entries')), [])
    assert.equal(await page.evaluate(async ([pfx, p]) => (await wallet.addPfx(bytes(pfx), '', p)).length, [pfx, PASSWORD]), 1)
  }))

test('what can not be read does not hide what can', () =>
  device(async (open) => {
    const page = await open()
    const id = await finish(page, await begin(page))
    const found = await page.evaluate(async ([id, p]) => {
      const zip = await wallet.exportZip(id, p)
      const locked = Object.assign(new File([], 'signCert.der'), { arrayBuffer: () => Promise.reject(new DOMException('', 'NotReadableError')) })
      const many = Array.from({ length: 6000 }, (_, i) => new File([], `${i}.jpg`))
      const both = await sdk.find([locked, ...many, new File([zip], 'x.zip')])
      return [both.length, await caught(sdk.find([locked])), (await sdk.find(many)).length]
    }, [id, PASSWORD])
    assert.deepEqual([found[0], found[1].code, found[2]], [1, 'format', 0])
  }))

test('names from files neither turn the line around nor fill the page', () =>
  device(async (open) => {
    const page = await open()
    const id = await finish(page, await begin(page), 'a1', '홍\u202e길\u2066동\u0007()0001')
    const named = (o) => page.evaluate(async ([id, o]) => { if (o) await wallet.rename(id, o); return (await wallet.get(id)).name }, [id, o])
    assert.equal(await named(), '홍길동')
    assert.equal(await named('통\u202e장\n용'), '통장용')
    assert.equal([...(await named('\u{1f511}'.repeat(5000)))].length, 100)
    assert.equal(await named('\u202e '), '\u{1f511}'.repeat(100), 'nothing left: the old one stays')
  }))
