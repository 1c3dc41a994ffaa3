// What TypeScript makes and reads against what Go makes and reads: ../vectors.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { encode, hex, unhex } from '../.build/asn1/bytes.js'
import { pbkdf1 } from '../.build/crypto/pbkdf.js'
import { isWeak, open, readEncrypted } from '../.build/crypto/pbes.js'
import { seedCbcDecrypt, seedCbcEncrypt } from '../.build/crypto/seed.js'
import { openKey, publicKeyOf, readPrivateKey, sealKey, withR } from '../.build/npki/key.js'
import { commonName, nameString, parseName } from '../.build/npki/name.js'
import { passwordProblems } from '../.build/npki/password.js'
import { encryptVid, rsaesBlock, vid } from '../.build/npki/vid.js'
import { createRequest } from '../.build/pkcs10/request.js'
import { readCertificate } from '../.build/x509/certificate.js'

const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/testdata/${name}.json`, import.meta.url), 'utf8'))
const { keys } = read('keys')
const code = (want) => (err) => err.code === want

test('SEED', () => {
  const { blocks, cbc, bad } = read('seed')
  const zero = new Uint8Array(16)
  for (const v of blocks) {
    const got = seedCbcEncrypt(unhex(v.key), zero, unhex(v.plain))
    assert.equal(hex(got).slice(0, 32), v.cipher)
    assert.equal(hex(seedCbcDecrypt(unhex(v.key), zero, got)), v.plain)
  }
  for (const v of cbc) {
    assert.equal(hex(seedCbcEncrypt(unhex(v.key), unhex(v.iv), unhex(v.plain))), v.cipher, v.name)
    assert.equal(hex(seedCbcDecrypt(unhex(v.key), unhex(v.iv), unhex(v.cipher))), v.plain, v.name)
  }
  for (const v of bad) assert.throws(() => seedCbcDecrypt(unhex(v.key), unhex(v.iv), unhex(v.cipher)), v.name)
})

test('PBKDF1', async () => {
  for (const v of read('key-files').pbkdf1)
    assert.equal(hex(await pbkdf1(encode(v.password), unhex(v.salt), v.iterations)), v.dk)
})

test('key files open, and seal to the same bytes', async (t) => {
  for (const v of read('key-files').open)
    await t.test(v.name, async () => {
      const key = keys[v.key]
      const k = await openKey(unhex(v.file), v.password)
      assert.equal(hex(k.r ?? new Uint8Array()), v.withR ? key.r : '')
      if (v.withR) assert.equal(hex(k.pkcs8), key.pkcs8)
      else assert.equal(hex(withR(k.pkcs8, unhex(key.r))), key.pkcs8)
      const e = k.encryption
      assert.deepEqual(
        [e.scheme, e.hash, e.iterations, hex(e.salt), hex(e.iv ?? new Uint8Array())],
        [v.scheme, v.hash, v.iterations, v.salt, v.iv ?? ''],
      )
      assert.equal(hex(await sealKey(k, v.password, e)), v.file)
      assert.equal(hex(publicKeyOf(k.pkcs8)), key.spki)
      assert.equal(isWeak(e), !(/aes/.test(v.scheme) && v.hash !== 'SHA-1' && v.iterations >= 100_000))
    })
})

test('key files that are PEM, and that do not open', async (t) => {
  const { pem, bad, open: good } = read('key-files')
  const k = await openKey(encode(pem), good[0].password)
  assert.equal(hex(k.pkcs8), keys.customer.pkcs8)
  for (const v of bad)
    await t.test(v.name, () => assert.rejects(openKey(unhex(v.file), v.password), code(v.code)))
})

test('keys', () => {
  for (const key of Object.values(keys)) {
    const k = readPrivateKey(unhex(key.pkcs8))
    assert.equal(hex(publicKeyOf(k.pkcs8)), key.spki)
    assert.equal(k.r && hex(k.r), key.r)
    if (k.r) assert.equal(hex(withR(k.pkcs8, k.r)), key.pkcs8)
  }
})

test('passwords', () => {
  for (const v of read('passwords')) assert.deepEqual(passwordProblems(v.password), v.problems, v.password)
})

test('VID', async () => {
  const { vids, rsa, encryptedVid } = read('vid')
  for (const v of vids) assert.equal(hex(await vid(v.idn, unhex(v.r), v.hash)), v.vid)
  assert.equal(hex(rsaesBlock(unhex(rsa.spki), unhex(rsa.block))), rsa.ciphertext)
  const made = await encryptVid(unhex(encryptedVid.r), unhex(encryptedVid.certificate))
  const again = await encryptVid(unhex(encryptedVid.r), unhex(encryptedVid.certificate))
  const { length } = encryptedVid.prefix
  assert.equal(hex(made).length, encryptedVid.encryptedVid.length)
  assert.equal(hex(made).slice(0, length), encryptedVid.prefix)
  assert.notEqual(hex(made).slice(length), hex(again).slice(length))
})

test('names', () => {
  const { names, bad } = read('names')
  for (const v of names) {
    const name = parseName(unhex(v.der))
    assert.deepEqual(name, v.attributes ?? [], v.name)
    assert.equal(nameString(name), v.text, v.name)
    assert.equal(commonName(name), v.cn, v.name)
  }
  for (const v of bad) assert.throws(() => parseName(unhex(v.der)), code('format'), v.name)
})

test('certificates', async () => {
  const { certificates, pem, bad } = read('certificates')
  for (const v of certificates) {
    const c = readCertificate(unhex(v.der))
    const { usage, policies, notBefore, notAfter, ...text } = {
      usage: c.usage,
      policies: c.policies,
      notBefore: c.notBefore,
      notAfter: c.notAfter,
      ...Object.fromEntries(['serial', 'issuer', 'subject', 'cn', 'owner'].map((k) => [k, c[k]])),
      ...Object.fromEntries(['der', 'ski', 'spki', 'rawIssuer', 'rawSubject'].map((k) => [k, hex(c[k])])),
      fingerprint: await c.fingerprint(),
    }
    for (const [k, value] of Object.entries(text)) assert.equal(value, v[k], `${v.name}: ${k}`)
    assert.deepEqual([usage, policies], [v.usage, v.policies], v.name)
    assert.deepEqual([notBefore, notAfter], [new Date(v.notBefore), new Date(v.notAfter)], v.name)
    assert.equal(hex(c.spki), keys[v.key].spki)
  }
  assert.ok(certificates.some((v) => hex(readCertificate(encode(pem)).der) === v.der))
  for (const v of bad) assert.throws(() => readCertificate(unhex(v.der)), code('format'), v.name)
})

test('requests', async () => {
  for (const v of read('requests')) {
    const k = readPrivateKey(unhex(keys[v.key].pkcs8))
    assert.equal(hex(await createRequest(k, v.challenge ?? '', unhex(v.encryptedVid ?? ''))), v.request, v.name)
  }
})

test('a key file tells how it is encrypted without a password', async () => {
  const [v] = read('key-files').open
  assert.equal(readEncrypted(unhex(v.file)).encryption.iterations, v.iterations)
  assert.equal(hex((await open(unhex(v.file), encode(v.password))).plain), keys[v.key].pkcs8)
})
