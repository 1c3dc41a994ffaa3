// PFX and NPKI folders that Go and OpenSSL wrote: ../vectors.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { encode, hex, unhex } from '../.build/asn1/bytes.js'
import { readNpki } from '../.build/folder/npki.js'
import { readPfx } from '../.build/pfx/pfx.js'
import { code, pem } from './tools.mjs'

const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/testdata/${name}.json`, import.meta.url), 'utf8'))
const { keys } = read('keys')
const der = (name) => unhex(read('certificates').certificates.find((c) => c.name === name).der)
const keyFile = (name) => unhex(read('key-files').open.find((c) => c.name === name).file)

test('PFX that others wrote', async (t) => {
  const { open, bad } = read('pfx')
  for (const v of open)
    await t.test(`${v.name}, by ${v.by}`, async () => {
      const got = await readPfx(unhex(v.file), v.password)
      assert.equal(got.length, v.identities.length)
      for (const [i, want] of v.identities.entries()) {
        const { key, certificate, chain, name } = got[i]
        assert.equal(key.r && hex(key.r), want.withR ? keys[want.key].r : undefined)
        if (want.withR) assert.equal(hex(key.pkcs8), keys[want.key].pkcs8)
        assert.equal(hex(certificate), hex(der(want.certificate)))
        assert.deepEqual(chain.map(hex), want.chain.map((c) => hex(der(c))))
        assert.equal(name, want.name)
      }
    })
  for (const v of bad)
    await t.test(v.name, async () => {
      let file = unhex(v.base ? open.find((o) => o.name === v.base).file : (v.file ?? ''))
      if (v.with) file.set(unhex(v.with), v.at)
      if (v.length) file = file.slice(0, v.length)
      await assert.rejects(readPfx(file, v.password), code(v.code))
    })
})

test('NPKI folders', async (t) => {
  const bytesOf = (f) => {
    if (f.certificate) return f.pem ? encode(pem('CERTIFICATE', der(f.certificate))) : der(f.certificate)
    if (f.keyFile) return f.pem ? encode(pem('ENCRYPTED PRIVATE KEY', keyFile(f.keyFile))) : keyFile(f.keyFile)
    return encode(f.text)
  }
  const flat = (e) => Object.fromEntries(Object.entries(e).map(([k, v]) => [k, typeof v === 'string' ? v : hex(v)]))
  const sorted = (list) => list.map(flat).sort((a, b) => (a.dn < b.dn ? -1 : 1))
  for (const v of read('folders'))
    await t.test(v.name, async () => {
      const want = v.entries.map(({ ca, dn, certificate, keyFile: key, kmCertificate, kmKeyFile }) => ({
        ca,
        dn,
        certificate: der(certificate),
        key: keyFile(key),
        ...(kmCertificate && { kmCertificate: der(kmCertificate), kmKey: keyFile(kmKeyFile) }),
      }))
      const files = v.files.map((f) => ({ path: f.path, bytes: bytesOf(f) }))
      assert.deepEqual(sorted(await readNpki(files)), sorted(want))
      if (v.zip) assert.deepEqual(sorted(await readNpki([{ path: 'all.zip', bytes: unhex(v.zip) }])), sorted(want))
    })
})
