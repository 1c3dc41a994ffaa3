// After a whole run nothing secret lies about in clear: cookies, IndexedDB,
// localStorage, URLs, the server's log, the database's files.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Demo, opened } from './lib/demo.mjs'
import { close, device, launch } from './lib/browser.mjs'
import { Customer, PASSWORD } from './lib/customer.mjs'

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** Every string and every byte that a page's origin keeps, in one text (bytes as hex and as Latin-1). */
async function kept(page) {
  return page.evaluate(async () => {
    const out = []
    const seen = new Set()
    const put = (v) => {
      if (v === null || v === undefined) return
      if (typeof v === 'object') {
        if (seen.has(v)) return
        seen.add(v)
      }
      if (v instanceof ArrayBuffer) v = new Uint8Array(v)
      if (ArrayBuffer.isView(v)) {
        const b = new Uint8Array(v.buffer, v.byteOffset, v.byteLength)
        out.push([...b].map((x) => x.toString(16).padStart(2, '0')).join(''))
        out.push([...b].map((x) => String.fromCharCode(x)).join(''))
      } else if (v instanceof CryptoKey) {
        out.push(`CryptoKey ${v.type} extractable=${v.extractable}`)
      } else if (typeof v === 'object') {
        for (const [k, x] of Object.entries(v)) {
          out.push(k)
          put(x)
        }
      } else {
        out.push(String(v))
      }
    }
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise((resolve, reject) => {
        const r = indexedDB.open(name)
        r.onsuccess = () => resolve(r.result)
        r.onerror = () => reject(r.error)
      })
      for (const store of db.objectStoreNames) {
        const all = await new Promise((resolve, reject) => {
          const r = db.transaction(store).objectStore(store).getAll()
          r.onsuccess = () => resolve(r.result)
          r.onerror = () => reject(r.error)
        })
        put(all)
      }
      db.close()
    }
    put({ ...localStorage })
    put({ ...sessionStorage })
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        out.push(request.url)
        const answer = await cache.match(request)
        if (/html|json|text/.test(answer.headers.get('content-type') ?? '')) out.push(await answer.text())
      }
    }
    return out.join('\n')
  })
}

async function tree(dir) {
  const files = []
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) files.push(path.join(entry.parentPath ?? entry.path, entry.name))
  }
  return files
}

test('after a whole run no password, key, R or resident number lies in clear', async () => {
  const context = await device(browser, { size: 'phone' })
  const page = await context.newPage()
  const c = new Customer(page, demo, { login: 'hong' })
  const bodies = []
  page.on('request', (r) => bodies.push(r.postDataBuffer() ?? Buffer.alloc(0)))
  await c.issue()

  // The key and R as they are, taken out of an export by OpenSSL.
  await c.go('/wallet')
  await page.locator('ingam-wallet .cert').waitFor()
  const id = await page.evaluate(() => /#\/c\/([^/"]+)/.exec(document.querySelector('ingam-wallet').innerHTML)[1])
  await c.go(`/wallet#/c/${id}/export`)
  await page.locator('input[name=form][value=pfx]').check()
  await page.locator('ingam-wallet-export input[type=password]').fill(PASSWORD)
  const saved = page.waitForEvent('download')
  await page.locator('ingam-wallet-export [type=submit]').click()
  const pfx = path.join(demo.folder, 'out.pfx')
  await (await saved).saveAs(pfx)
  await writeFile(`${pfx}.pw`, PASSWORD)
  const { text: stdout, key: der } = await opened(pfx, `${pfx}.pw`)
  const r = /1\.2\.410\.200004\.10\.1\.1\.3:?\s*([0-9A-F ]+)/i.exec(stdout)?.[1].replace(/ /g, '').toLowerCase().slice(-40)
  assert.match(r ?? '', /^[0-9a-f]{40}$/, `R is in the export: ${stdout.slice(0, 400).replace(/[A-Za-z0-9+/]{40,}/g, '…')}`)
  const key = der.toString('hex')
  // A piece from the middle of the private exponent: no certificate has that.
  const secretPiece = key.slice(700, 764)

  const { identityNumber, password, accountPassword, account } = c.sample
  const secrets = {
    'certificate password': PASSWORD, 'login password': password, 'resident number': identityNumber,
    'resident number with a dash': `${identityNumber.slice(0, 6)}-${identityNumber.slice(6)}`, account,
    'R': r, 'private key': secretPiece,
  }
  const look = (where, text) => {
    for (const [what, secret] of Object.entries(secrets)) assert.ok(!text.includes(secret), `${what} lies in ${where}`)
  }
  look('storage', await kept(page))
  look('cookies', JSON.stringify(await context.cookies()))
  for (const cookie of await context.cookies()) {
    if (cookie.name === 'ingam_session') assert.ok(cookie.httpOnly && cookie.sameSite === 'Lax', 'the session cookie is open to scripts or other sites')
  }
  const urls = context.urls.join('\n')
  look('URLs', decodeURIComponent(urls.replace(/%(?![0-9a-f]{2})/gi, '%25')))
  assert.ok(!urls.includes(encodeURIComponent(c.sample.name)) && !urls.includes(c.sample.name), 'a name stands in an URL')
  look('the log', await demo.logText())
  assert.ok(!(await demo.logText()).includes(c.sample.name), 'a name stands in the log')
  for (const body of bodies) {
    const text = body.toString('latin1')
    for (const what of ['certificate password', 'R', 'private key']) assert.ok(!text.includes(secrets[what]), `${what} was sent`)
    assert.ok(!body.toString('hex').includes(r) && !body.toString('hex').includes(secretPiece), 'R or key was sent')
  }
  await close(context, assert)
  await demo.kill() // what is on disk is what a thief of the disk gets
  for (const file of await tree(demo.data)) {
    if (/samples\/|passphrase/.test(file)) continue // the demo's own hints to a tester
    const bytes = await readFile(file)
    look(path.relative(demo.data, file), `${bytes.toString('latin1')}\n${bytes.toString('hex')}`)
  }
  assert.ok(accountPassword)
})
