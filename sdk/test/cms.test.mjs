// Signed messages: the same bytes as Go and OpenSSL make, and each reads what
// the other wrote.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { encode, hex, unhex } from '../.build/asn1/bytes.js'
import { parse, seq, tlv } from '../.build/asn1/der.js'
import { sign } from '../.build/cms/sign.js'
import { contentOf, verify } from '../.build/cms/verify.js'
import { openKey, readPrivateKey, signer } from '../.build/npki/key.js'
import { readCertificate } from '../.build/x509/certificate.js'
import { bytes, code, damage, DIR, field, FIELD_PASSWORD, needs, needsField, openssl, pem } from './tools.mjs'

const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/testdata/${name}.json`, import.meta.url), 'utf8'))
const { keys } = read('keys')
const vectors = read('cms')
const certificateOf = (name) => unhex(read('certificates').certificates.find((c) => c.name === name).der)
const keyOf = (name) => signer(readPrivateKey(unhex(keys[name].pkcs8)))
const from = (v) => unhex(vectors.sign.find((s) => s.name === v).message)

const TEXT = encode('홍길동에게 100,000원을 보내요.\r\n')
const certificate = certificateOf('customer')

const options = (v) => ({
  detached: v.detached,
  attributes: v.attributes,
  ...(v.signingTime && { signingTime: new Date(v.signingTime) }),
  chain: v.chain.map(certificateOf),
})

test('signing gives the bytes that Go gives', async (t) => {
  for (const v of vectors.sign)
    await t.test(v.name, async () => {
      const made = await sign(unhex(v.content), certificateOf(v.certificate), await keyOf(v.key), options(v))
      assert.equal(hex(made), v.message)
      const [s, more] = await verify(made, unhex(v.content))
      assert.equal(more, undefined)
      assert.deepEqual([s.hash, s.weak, s.attributes, s.bound], ['SHA-256', false, v.attributes, v.attributes])
      assert.deepEqual(s.signingTime, v.attributes ? new Date(v.signingTime) : undefined)
      assert.equal(hex(s.certificate.der), hex(certificateOf(v.certificate)))
      const content = contentOf(made)
      assert.equal(content && hex(content), v.detached ? undefined : v.content)
    })
})

test('verifying says what Go says', async (t) => {
  for (const v of vectors.verify)
    await t.test(v.name, async () => {
      const given = v.content === null ? undefined : unhex(v.content)
      if (v.code) await assert.rejects(verify(unhex(v.message), given), code(v.code))
      else assert.equal((await verify(unhex(v.message), given)).length, 1)
    })
})

test('a PEM certificate, a PEM message', async () => {
  const made = await sign(TEXT, encode(pem('CERTIFICATE', certificate)), await keyOf('customer'))
  assert.deepEqual(made, await sign(TEXT, certificate, await keyOf('customer')))
  assert.equal((await verify(encode(pem('PKCS7', made)))).length, 1)
})

test('the time is told to the second, and is now unless given', async () => {
  const before = Math.floor(Date.now() / 1000) * 1000
  const [s] = await verify(await sign(TEXT, certificate, await keyOf('customer'), { attributes: true }))
  assert.ok(s.signingTime >= before && s.signingTime <= Date.now())
})

test("no signature with another's certificate, and none of what is too large", async () => {
  await assert.rejects(sign(TEXT, certificate, await keyOf('ca')), code('key-mismatch'))
  await assert.rejects(sign(TEXT, encode('no certificate'), await keyOf('customer')), code('format'))
  await assert.rejects(sign(TEXT, certificate, await keyOf('customer'), { chain: [encode('x')] }), code('format'))
  const huge = new Uint8Array((32 << 20) + 1)
  await assert.rejects(sign(huge, certificate, await keyOf('customer')), code('too-large'))
  const detached = await sign(huge, certificate, await keyOf('customer'), { detached: true })
  assert.equal((await verify(detached, huge)).length, 1)
})

// A message over which attributes are really signed, with the content taken
// for them: the signature is right, and yet nobody signed that content.
test('attributes are not taken for content', async () => {
  const made = from('attributes')
  const at = (n, ...path) => path.reduce((m, i) => m.children()[i], n)
  const signed = at(parse(made), 1, 0)
  const info = at(signed, 4, 0).children()
  const content = tlv(0x31, info[3].value)
  const [version, digests, , certificates] = signed.children()
  const forged = seq(
    at(parse(made), 0).raw,
    tlv(0xa0, seq(version.raw, digests.raw, seq(at(signed, 2, 0).raw, tlv(0xa0, tlv(4, content))), certificates.raw,
      tlv(0x31, seq(...[0, 1, 2, 4, 5].map((i) => info[i].raw))))),
  )
  await assert.rejects(verify(forged), code('format'))
})

const write = (name, data) => writeFileSync(join(DIR, name), data)
const files = () => {
  write('c.pem', pem('CERTIFICATE', certificate))
  write('k.pem', pem('PRIVATE KEY', unhex(keys.customer.pkcs8)))
  write('ca.pem', pem('CERTIFICATE', certificateOf('ca')))
  write('ca.key', pem('PRIVATE KEY', unhex(keys.ca.pkcs8)))
  write('text', TEXT)
}

test('without attributes: the bytes of openssl smime', needs('openssl'), async () => {
  files()
  const theirs = openssl(['smime', '-sign', '-binary', '-nodetach', '-noattr', '-md', 'sha256', '-signer', 'c.pem', '-inkey', 'k.pem', '-in', 'text', '-outform', 'DER'])
  assert.equal(hex(await sign(TEXT, certificate, await keyOf('customer'))), theirs.toString('hex'))
})

test('OpenSSL verifies ours', needs('openssl'), async () => {
  write('root.pem', pem('CERTIFICATE', certificateOf('root')))
  const path = ['-CAfile', 'root.pem', '-attime', String(Date.UTC(2026, 11, 24) / 1000), '-purpose', 'any']
  write('text', TEXT)
  for (const attributes of [false, true])
    for (const detached of [false, true]) {
      write('m.der', await sign(TEXT, certificate, await keyOf('customer'), { attributes, detached, chain: [certificateOf('ca')] }))
      const given = detached ? ['-content', 'text'] : []
      const judge = (tool, ...more) => openssl([tool, '-verify', '-binary', '-inform', 'DER', '-in', 'm.der', ...path, ...given, ...more])
      assert.deepEqual(bytes(judge('smime')), TEXT)
      assert.deepEqual(bytes(judge('cms', ...(attributes ? ['-cades'] : []))), TEXT)
    }
})

test("OpenSSL's are verified: streams, key identifiers, attributes, hashes, several signers", needs('openssl'), async (t) => {
  files()
  const cms = (...args) => bytes(openssl(['cms', '-sign', '-binary', '-signer', 'c.pem', '-inkey', 'k.pem', '-in', 'text', '-outform', 'DER', ...args]))
  const cases = {
    stream: ['-stream', '-nodetach', '-md', 'sha256'],
    'stream without attributes': ['-stream', '-nodetach', '-noattr', '-md', 'sha256'],
    detached: ['-md', 'sha384'],
    'key identifier': ['-keyid', '-nodetach', '-md', 'sha512'],
    cades: ['-cades', '-nodetach', '-md', 'sha256'],
    'cades with SHA-512': ['-cades', '-nodetach', '-md', 'sha512'],
    'SHA-1': ['-md', 'sha1', '-nodetach'],
    twice: ['-nodetach', '-md', 'sha256', '-signer', 'ca.pem', '-inkey', 'ca.key'],
  }
  for (const [name, args] of Object.entries(cases))
    await t.test(name, async () => {
      const made = cms(...args)
      const signers = await verify(made, TEXT)
      assert.equal(signers.length, name === 'twice' ? 2 : 1)
      assert.equal(signers[0].weak, name === 'SHA-1')
      assert.equal(signers[0].bound, name.startsWith('cades'))
      await assert.rejects(verify(made, encode('another')), code('digest'))
    })
  await assert.rejects(verify(cms('-nodetach', '-nocerts')), code('not-found'))
  await assert.rejects(verify(cms('-nodetach', '-keyopt', 'rsa_padding_mode:pss')), code('unsupported'))
})

test('keys that are too short and curves are refused', needs('openssl'), async () => {
  write('text', TEXT)
  for (const [kind, ...more] of [['rsa:1024'], ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']]) {
    openssl(['req', '-x509', '-newkey', kind, ...more, '-nodes', '-keyout', 'o.key', '-out', 'o.pem', '-subj', '/CN=x', '-days', '9'])
    const made = bytes(openssl(['cms', '-sign', '-binary', '-nodetach', '-signer', 'o.pem', '-inkey', 'o.key', '-in', 'text', '-outform', 'DER']))
    await assert.rejects(verify(made), code('unsupported'))
  }
})

test("the field's message verifies and is made again", needsField, async () => {
  const message = field('signed-noattr.p7')
  const [s] = await verify(message)
  assert.deepEqual(s.certificate.der, field('signCert.der'))
  assert.deepEqual(contentOf(message), encode('TEST_MSG'))
  const k = await openKey(field('signPri.key'), FIELD_PASSWORD)
  assert.deepEqual(await sign(encode('TEST_MSG'), field('signCert.der'), await signer(k)), message)
  assert.equal(readCertificate(field('signCert.der')).subject, s.certificate.subject)
})

test('messages that were damaged end in an error of ours, or hold what was signed', async () => {
  const good = ['banks and logins', 'attributes', 'detached, attributes, chain'].map(from)
  const ber = unhex(vectors.verify.find((v) => v.name.startsWith('BER')).message)
  const content = unhex(vectors.sign[0].content)
  await damage([...good, ber], 400, async (file) => {
    await verify(file, content)
    assert.deepEqual(contentOf(file) ?? content, content)
  })
})
