// Renewal in the built wallet: a new key whose request the old one signs, and
// what has to survive until the certificate is here.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
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

/** A fresh profile whose wallet holds the certificate that is to be renewed. */
async function holder(run) {
  const context = await browser.newContext()
  const errors = []
  const open = async () => {
    const page = await tab(context, site.url, errors)
    await page.evaluate((km) => {
      globalThis.ask = (o = {}) => ({ application: 'r', challenge: 'c', kmCertificate: bytes(km), bits: 2048, ca: 'stage', ...o })
    }, authority.km())
    return page
  }
  try {
    const page = await open()
    const request = await page.evaluate(async (p) => text((await wallet.begin(ask({ application: 'a', password: p }))).request), PASSWORD)
    const old = await page.evaluate(async (c) => (await wallet.finish('a', bytes(c))).id, authority.certify(request))
    await run({ page, old, open })
    assert.deepEqual(errors, [])
  } finally {
    await context.close()
  }
}

const renew = (page, id, { old = PASSWORD, password = OTHER, ...o } = {}) =>
  page.evaluate(async (a) => text((await wallet.begin(ask({ ...a.o, password: a.password, replaces: { id: a.id, password: a.old } }))).request), { id, old, password, o })
const refused = (page, id, { old = PASSWORD, password = OTHER, ...o } = {}) =>
  page.evaluate((a) => wallet.begin(ask({ ...a.o, password: a.password, replaces: { id: a.id, password: a.old } })).then(() => 'nothing', (e) => ({ code: e.code, entry: e.detail?.entry, left: e.detail?.left })), { id, old, password, o })
const finish = (page, certificate, application = 'r') => page.evaluate(async ([a, c]) => (await wallet.finish(a, bytes(c))).id, [application, certificate])
const entries = (page) =>
  page.evaluate(async () => (await wallet.list()).map(({ id, replacedBy, certificate }) => ({ id, replacedBy, serial: certificate.serial })))

/** The public key of a request. */
function keyOf(request) {
  authority.write('one.der', Buffer.from(request, 'base64'))
  return authority.run('req', '-inform', 'DER', '-in', 'one.der', '-pubkey', '-noout').toString()
}

/** Has OpenSSL verify a renewal's signature with the CA, and gives the request in it. */
function opened(message) {
  authority.write('renewal.p7', Buffer.from(message, 'base64'))
  authority.run('cms', '-verify', '-binary', '-inform', 'DER', '-in', 'renewal.p7', '-CAfile', 'ca.pem', '-purpose', 'any', '-signer', 'signer.pem', '-out', 'content.der')
  const printed = authority.run('cms', '-cmsout', '-print', '-inform', 'DER', '-in', 'renewal.p7').toString()
  assert.match(printed, /signedAttrs:\s*<ABSENT>/)
  assert.equal(printed.match(/d\.certificate:/g).length, 1, "the signer's certificate alone")
  return { request: authority.read('content.der').toString('base64'), signer: authority.run('x509', '-in', 'signer.pem', '-outform', 'DER').toString('base64') }
}

test('the old key signs the request for a new one, and the new entry stands beside the old', () =>
  holder(async ({ page, old }) => {
    const was = await page.evaluate(async (id) => text((await wallet.get(id)).certificate.der), old)
    const steps = await page.evaluate(async ([id, p, q]) => {
      const steps = []
      globalThis.message = text((await wallet.begin(ask({ password: q, replaces: { id, password: p }, onProgress: (s) => steps.push(s) }))).request)
      return steps
    }, [old, PASSWORD, OTHER])
    assert.deepEqual(steps, ['open', 'key', 'seal', 'request'])
    const { request, signer } = opened(await page.evaluate(() => message))
    assert.equal(signer, was)
    assert.deepEqual(await page.evaluate(async () => (await wallet.unfinished()).map(({ application, replaces }) => [application, replaces])), [['r', old]])
    assert.deepEqual(await entries(page).then((l) => l.map((e) => e.replacedBy)), [undefined], 'not before its certificate has come')

    const next = await finish(page, authority.certify(request))
    const [fresh, kept] = await entries(page)
    assert.deepEqual([fresh.id, fresh.replacedBy, kept.id, kept.replacedBy], [next, undefined, old, next])
    const keys = await page.evaluate(async ([a, b]) => [a, b].map(async (id) => text((await wallet.get(id)).certificate.spki)).reduce(async (l, k) => [...(await l), await k], []), [old, next])
    assert.notEqual(keys[0], keys[1], 'another key')
    const sign = (id, p) => page.evaluate(([id, p]) => caught(wallet.sign(id, p, 'x')), [id, p])
    assert.equal(await sign(next, OTHER), 'nothing', 'under the new password')
    assert.equal(await sign(old, PASSWORD), 'nothing', 'the old one stays until it is deleted')
    assert.equal((await sign(next, PASSWORD)).code, 'wrong-password')

    await page.evaluate((id) => wallet.remove(id), next)
    assert.equal((await entries(page))[0].replacedBy, next, 'revoked is revoked')
  }))

test('the new password may be the old one, but keeps the rules', () =>
  holder(async ({ page, old }) => {
    assert.equal((await refused(page, old, { password: 'short' })).code, 'password')
    opened(await renew(page, old, { password: PASSWORD }))
  }))

test('after a reload and in two tabs it is the same key, and the same bytes', () =>
  holder(async ({ page, old, open }) => {
    const other = await open()
    const [first, second] = await Promise.all([renew(page, old), renew(other, old)])
    assert.equal(first, second)
    await page.reload()
    await other.close()
    const back = await open()
    assert.equal(await renew(back, old), first)
    const again = opened(await renew(back, old, { challenge: 'another' })).request
    assert.notEqual(again, opened(first).request)
    assert.equal(keyOf(again), keyOf(opened(first).request))
    const next = await finish(back, authority.certify(again))
    assert.equal(await finish(back, authority.read('user.der').toString('base64')), next, 'a lost answer asked for again')
    assert.equal((await entries(back)).length, 2)
  }))

test('it goes on without the old entry once that has signed, and not before', () =>
  holder(async ({ page, old }) => {
    const first = await renew(page, old)
    await page.evaluate((id) => wallet.remove(id), old)
    assert.equal(await renew(page, old), first)
    assert.deepEqual(await refused(page, old, { challenge: 'another' }), { code: 'not-found', entry: old, left: undefined })
    const next = await finish(page, authority.certify(opened(first).request))
    assert.deepEqual((await entries(page)).map((e) => [e.id, e.replacedBy]), [[next, undefined]])
  }))

test('an error says whose password it was, and both are guarded', () =>
  holder(async ({ page, old, open }) => {
    assert.deepEqual(await refused(page, 'nobody'), { code: 'not-found', entry: 'nobody', left: undefined })
    assert.deepEqual(await refused(page, old, { old: OTHER }), { code: 'wrong-password', entry: old, left: 4 })
    assert.equal(await page.evaluate(() => wallet.pending('r')), false, 'no key is made for nothing')
    await renew(page, old)
    assert.deepEqual(await refused(page, old, { password: PASSWORD }), { code: 'wrong-password', entry: undefined, left: 4 })
    assert.deepEqual(await refused(page, old, { challenge: 'another', old: OTHER }), { code: 'wrong-password', entry: old, left: 4 })
    const elsewhere = await open()
    for (const left of [3, 2, 1, 0]) assert.deepEqual(await refused(elsewhere, old, { challenge: 'another', old: OTHER }), { code: 'wrong-password', entry: old, left })
    assert.deepEqual(await refused(page, old, { challenge: 'another' }), { code: 'locked', entry: old, left: undefined })
    assert.equal(await page.evaluate(([id, p]) => caught(wallet.sign(id, p, 'x')), [old, PASSWORD]).then((e) => e.code), 'locked', 'for signing as well')
  }))

test('an application that turned from renewal to issue is not signed by the old key', () =>
  holder(async ({ page, old }) => {
    const signed = await renew(page, old)
    const bare = await page.evaluate(async (p) => text((await wallet.begin(ask({ password: p }))).request), OTHER)
    assert.equal(keyOf(bare), keyOf(opened(signed).request))
    const next = await finish(page, authority.certify(bare))
    assert.deepEqual((await entries(page)).map((e) => [e.id, e.replacedBy]), [[next, undefined], [old, undefined]])
  }))

test('a reissue marks what it took the place of', () =>
  holder(async ({ page, old }) => {
    const [{ serial }] = await entries(page)
    const request = await page.evaluate(async (p) => text((await wallet.begin(ask({ password: p }))).request), OTHER)
    const next = await finish(page, authority.certify(request))
    const replaced = (serial) => page.evaluate(([s, by]) => wallet.replaced(s, by), [serial, next])
    assert.equal(await replaced('00ff'), false)
    assert.equal(await replaced((await entries(page))[0].serial), false, 'not itself')
    assert.deepEqual((await entries(page)).map((e) => e.replacedBy), [undefined, undefined])
    assert.equal(await replaced(serial.toUpperCase()), true)
    assert.equal(await replaced(serial), true, 'asked again')
    assert.deepEqual((await entries(page)).map((e) => [e.id, e.replacedBy]), [[next, undefined], [old, next]])
  }))
