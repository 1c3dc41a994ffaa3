// The built wallet in a real browser: keys are made, kept, used and taken out;
// OpenSSL judges what comes out.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openKey } from '../../.build/npki/key.js'
import { readNpki } from '../../.build/folder/npki.js'
import { Authority, fixture, launch, OTHER, PASSWORD, serve, tab } from './stage.mjs'

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

const begin = (page, o = {}) =>
  page.evaluate(
    async ({ km, ...o }) => {
      const steps = []
      const work = wallet.begin({ application: 'a1', challenge: 'challenge-1', kmCertificate: bytes(km), bits: 2048, ca: 'stage', onProgress: (s) => steps.push(s), ...o })
      const { request } = await work
      return { request: text(request), steps }
    },
    { km: authority.km(), password: PASSWORD, ...o },
  )
const refused = (page, work, argument) => page.evaluate(`caught((${work})(${JSON.stringify(argument)}))`)
const finish = (page, certificate) =>
  page.evaluate(async ({ certificate, ca }) => {
    const { id, name, source, hasR, encryption, temporary } = await wallet.finish('a1', bytes(certificate), [bytes(ca)])
    return { id, name, source, hasR, encryption, temporary }
  }, { certificate, ca: authority.ca() })

async function device(run) {
  const context = await browser.newContext()
  const errors = []
  try {
    await run({ context, open: () => tab(context, site.url, errors) })
    assert.deepEqual(errors, [])
  } finally {
    await context.close()
  }
}

test('begin, lose the answer, resume, finish: one key', () =>
  device(async ({ open }) => {
    let page = await open()
    const { request, steps } = await begin(page)
    assert.deepEqual(steps, ['key', 'seal', 'request'])
    await page.close()

    page = await open()
    assert.equal(await page.evaluate(() => wallet.pending('a1')), true)
    assert.equal((await begin(page)).request, request, 'the same key and request')
    const bound = await begin(page, { challenge: 'challenge-2' })
    assert.notEqual(bound.request, request)
    authority.certify(request)
    const first = authority.read('public.pem')
    const certificate = authority.certify(bound.request)
    assert.deepEqual(authority.read('public.pem'), first, 'a new challenge binds the same key')

    const wrong = await refused(page, 'km => wallet.begin({application: "a1", challenge: "challenge-1", kmCertificate: bytes(km), bits: 2048, ca: "stage", password: "Wr0ng&wrong"})', authority.km())
    assert.deepEqual([wrong.code, wrong.left, wrong.wallet], ['wrong-password', 4, true])

    assert.equal((await refused(page, 'c => wallet.finish("a1", bytes(c))', authority.ca())).code, 'key-mismatch')
    const entry = await finish(page, certificate)
    assert.deepEqual(await finish(page, certificate), entry, 'asked again')
    assert.equal(entry.name, '홍길동')
    assert.equal(entry.source, 'issued')
    assert.deepEqual(entry.encryption, { scheme: 'pbes2-aes256', iterations: 600_000, weak: false })
    assert.equal(await page.evaluate(() => wallet.pending('a1')), false)
  }))

test('two tabs that begin at once make one key', () =>
  device(async ({ open }) => {
    const tabs = [await open(), await open()]
    const [one, two] = await Promise.all(tabs.map((page) => begin(page)))
    assert.equal(one.request, two.request)
    assert.deepEqual([one.steps, two.steps].map((s) => s.length).sort(), [0, 3])
  }))

test('discard makes room for another key, and rules bind new passwords', () =>
  device(async ({ open }) => {
    const page = await open()
    const rules = await refused(page, 'km => wallet.begin({application: "a2", challenge: "c", kmCertificate: bytes(km), bits: 2048, ca: "stage", password: "short"})', authority.km())
    assert.equal(rules.code, 'password')
    assert.ok(rules.problems.includes('short'))
    assert.equal(await page.evaluate(() => wallet.pending('a2')), false)
    const { request } = await begin(page)
    await page.evaluate(() => wallet.discard('a1'))
    assert.notEqual((await begin(page)).request, request)
  }))

async function issued(page) {
  const { request } = await begin(page)
  return finish(page, authority.certify(request))
}

test('signatures verify with OpenSSL, attached and detached', () =>
  device(async ({ open }) => {
    const page = await open()
    const { id } = await issued(page)
    const content = '이체 100,000원\n'
    const sign = (o) => page.evaluate(async ({ id, password, content, o }) => text(await wallet.sign(id, password, content, o)), { id, password: PASSWORD, content, o })
    for (const o of [{}, { attributes: true, withChain: true }]) {
      authority.write('message.p7', Buffer.from(await sign(o), 'base64'))
      const out = authority.run('cms', '-verify', '-binary', '-inform', 'DER', '-in', 'message.p7', '-CAfile', 'ca.pem', '-purpose', 'any')
      assert.equal(out.toString(), content)
    }
    authority.write('content', content)
    authority.write('detached.p7', Buffer.from(await sign({ detached: true, attributes: true }), 'base64'))
    authority.run('cms', '-verify', '-binary', '-inform', 'DER', '-in', 'detached.p7', '-content', 'content', '-CAfile', 'ca.pem', '-purpose', 'any')
  }))

test('what is exported comes back, R and all, after a change of password too', () =>
  device(async ({ context, open }) => {
    const page = await open()
    const { id } = await issued(page)
    const zips = await page.evaluate(async ({ id, password, next }) => {
      const before = text(await wallet.exportZip(id, password))
      await wallet.changePassword(id, password, next)
      return [before, text(await wallet.exportZip(id, next)), text(await wallet.exportZip(id, next, { compatible: true }))]
    }, { id, password: PASSWORD, next: OTHER })
    const keys = []
    for (const [i, zip] of zips.entries()) {
      const [entry] = await readNpki([{ path: 'x.zip', bytes: new Uint8Array(Buffer.from(zip, 'base64')) }])
      keys.push(await openKey(entry.key, i ? OTHER : PASSWORD))
    }
    assert.equal(keys[0].r.length, 20)
    for (const k of keys) {
      assert.deepEqual(k.pkcs8, keys[0].pkcs8)
      assert.deepEqual(k.r, keys[0].r)
    }
    assert.deepEqual(keys.map((k) => k.encryption.scheme), ['pbes2-aes256', 'pbes2-aes256', 'seed15'])
    assert.equal((await refused(page, 'id => wallet.changePassword(id, "Tr1al&Error-9", "N0t-the-old1")', id)).code, 'wrong-password')

    const pfx = await page.evaluate(async ({ id, next }) => text(await wallet.exportPfx(id, next)), { id, next: OTHER })
    authority.write('out.pfx', Buffer.from(pfx, 'base64'))
    assert.match(authority.run('pkcs12', '-in', 'out.pfx', '-passin', 'pass:' + OTHER, '-nodes').toString(), /PRIVATE KEY/)
    const old = await page.evaluate(async ({ id, next }) => text(await wallet.exportPfx(id, next, { compatible: true })), { id, next: OTHER })
    authority.write('old.pfx', Buffer.from(old, 'base64'))
    assert.match(authority.run('pkcs12', '-legacy', '-in', 'old.pfx', '-passin', 'pass:' + OTHER, '-nodes').toString(), /PRIVATE KEY/)
    assert.ok(Buffer.from(old, 'base64').includes(Buffer.from('2a864886f70d010c0103', 'hex')), 'pbeWithSHAAnd3-KeyTripleDES-CBC')

    // Into another wallet, from both forms.
    for (const [name, how] of [['zip', 'find([new File([bytes(a.file)], "x.zip")]).then(([f]) => other.add(f.item, a.password))'], ['pfx', 'find([new File([bytes(a.file)], "x.pfx")]).then(([f]) => other.addPfx(f.file, a.password)).then(([e]) => e)']]) {
      const back = await page.evaluate(`(async (a) => {
        const { find, Wallet } = sdk
        const other = await Wallet.open({ name: 'other-' + a.name })
        const { id, hasR, source } = await ${how}
        const again = await caught(other.add(await find([new File([bytes(a.zip)], 'x.zip')]).then(([f]) => f.item), a.password))
        const zip = text(await other.exportZip(id, a.password))
        other.close()
        return { id, hasR, source, again, zip }
      })(${JSON.stringify({ name, file: name === 'zip' ? zips[2] : pfx, zip: zips[1], password: OTHER })})`)
      assert.deepEqual([back.id, back.hasR, back.source, back.again.code], [id, true, 'imported', 'exists'])
      const [entry] = await readNpki([{ path: 'x.zip', bytes: new Uint8Array(Buffer.from(back.zip, 'base64')) }])
      assert.deepEqual((await openKey(entry.key, OTHER)).pkcs8, keys[0].pkcs8)
    }
    assert.equal(context.pages().length, 1)
  }))

test('list, rename, keep, remove; other tabs hear of it', () =>
  device(async ({ open }) => {
    const page = await open()
    const { request } = await begin(page, { temporary: true })
    const { id, temporary } = await finish(page, authority.certify(request))
    assert.equal(temporary, true)
    const other = await open()
    await other.evaluate(() => { globalThis.heard = new Promise((done) => wallet.subscribe(done)) })
    await page.evaluate(async (id) => { await wallet.rename(id, ' 급여 통장용 '); await wallet.keep(id) }, id)
    await other.evaluate(() => heard)
    const list = () => other.evaluate(async () => (await wallet.list()).map(({ id, name, temporary, certificate }) => ({ id, name, temporary, owner: certificate.owner })))
    assert.deepEqual(await list(), [{ id, name: '급여 통장용', temporary: false, owner: '홍길동' }])
    await page.evaluate((id) => wallet.remove(id), id)
    assert.deepEqual(await list(), [])
    assert.equal((await refused(other, 'id => wallet.sign(id, "x", "y")', id)).code, 'not-found')
  }))

test('R in the request is the R in the key', () =>
  device(async ({ open }) => {
    const page = await open()
    const { request } = await begin(page)
    const certificate = authority.certify(request)
    const { id } = await finish(page, certificate)
    const zip = await page.evaluate(async ({ id, password }) => text(await wallet.exportZip(id, password)), { id, password: PASSWORD })
    const [entry] = await readNpki([{ path: 'x.zip', bytes: new Uint8Array(Buffer.from(zip, 'base64')) }])
    const { r } = await openKey(entry.key, PASSWORD)
    // EncryptedVID ends with the 256 bytes that only the CA's key opens.
    const der = Buffer.from(request, 'base64')
    const mark = Buffer.from('04820100', 'hex') // an OCTET STRING of 256 bytes
    const blocks = []
    for (let i = der.indexOf(mark); i >= 0; i = der.indexOf(mark, i + 1)) blocks.push(der.subarray(i + 4, i + 260))
    const opened = blocks.map((block) => {
      authority.write('evid', block)
      return authority.run('pkeyutl', '-decrypt', '-inkey', 'km.key', '-in', 'evid')
    })
    assert.ok(opened.some((plain) => plain.includes(Buffer.from(r))))
  }))

test('the field: found in a folder, added, signed with, exported', { skip: !fixture() && 'field fixtures are not here' }, () =>
  device(async ({ open }) => {
    const page = await open()
    const f = fixture()
    await page.setInputFiles('input[multiple]', [f.dir + 'signCert.der', f.dir + 'signPri.key'])
    const added = await page.evaluate(async (password) => {
      const [found] = await sdk.find(document.querySelector('input').files)
      const wrong = await caught(wallet.add(found.item, 'Wr0ng&wrong'))
      const { id, ca, hasR, encryption, certificate } = await wallet.add(found.item, password)
      const signed = await wallet.sign(id, password, 'TEST_MSG')
      const [signer] = await sdk.verify(signed)
      return { ca, hasR, encryption, wrong, expired: certificate.notAfter < new Date(), signer: !!signer, signed: text(signed) }
    }, f.password)
    assert.equal(added.wrong.code, 'wrong-password')
    assert.deepEqual([added.ca, added.hasR, added.expired, added.signer], ['yessign', true, true, true])
    assert.deepEqual(added.encryption, { scheme: 'seed15', iterations: 2048, weak: true })
    const modern = await page.evaluate(async ({ pfx, password }) => {
      const other = await sdk.Wallet.open({ name: 'modern' })
      const [{ hasR, encryption }] = await other.addPfx(bytes(pfx), password)
      return { hasR, encryption }
    }, f)
    assert.deepEqual(modern, { hasR: true, encryption: { scheme: 'pbes2-aes256', iterations: 600_000, weak: false } })
  }))
