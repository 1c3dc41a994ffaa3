import assert from 'node:assert/strict'
import { createHash, createPublicKey, pbkdf2Sync, privateDecrypt, createPrivateKey, verify, constants } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { encode, equal, hex, random, unhex } from '../.build/asn1/bytes.js'
import * as D from '../.build/asn1/der.js'
import * as O from '../.build/asn1/oid.js'
import { COMPATIBLE, MODERN, fresh, seal } from '../.build/crypto/pbes.js'
import { pbkdf1, pbkdf2 } from '../.build/crypto/pbkdf.js'
import { seedCbcDecrypt, seedCbcEncrypt } from '../.build/crypto/seed.js'
import { openKey, publicKeyOf, readPrivateKey, sealKey, signer, wipe, withR } from '../.build/npki/key.js'
import { encryptVid, newR, vid } from '../.build/npki/vid.js'
import { createRequest } from '../.build/pkcs10/request.js'
import { readCertificate } from '../.build/x509/certificate.js'

const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'))
const { keys } = read('keys')
const customer = () => readPrivateKey(unhex(keys.customer.pkcs8))
const code = (want) => (err) => err.code === want
const PASSWORD = 'ingam-Vector.7'
const QUICK = { scheme: 'pbes2-aes256', iterations: 1024, hash: 'SHA-256' }

const field = new URL('../../../shared/fixtures/npki/', import.meta.url)
const skip = existsSync(field) ? false : 'field fixtures are not here'
const fixture = (name) => readFileSync(new URL(name, field))

test('the key of the field', { skip }, async () => {
  const file = fixture('yessign-test/signPri.key')
  const certificate = readCertificate(fixture('yessign-test/signCert.der'))
  const k = await openKey(file, 'WTuA8Ev0lWXVFSiI!')
  assert.equal(k.r.length, 20)
  assert.equal(k.encryption.scheme, 'seed15')
  assert.ok(equal(certificate.spki, publicKeyOf(k.pkcs8)))
  assert.ok(equal(await sealKey(k, 'WTuA8Ev0lWXVFSiI!', k.encryption), file))
  assert.ok(equal(withR(k.pkcs8, k.r), k.pkcs8))
  for (const p of ['', 'WTuA8Ev0lWXVFSiI', 'wtua8ev0lwxvfsii!']) await assert.rejects(openKey(file, p), code('wrong-password'))
  const parts = D.parse(k.pkcs8).children()
  assert.equal(hex(parts[3].raw).slice(0, 50), 'a027302506' + '0a2a831a8c9a440a010103' + '31170315' + '00' + hex(k.r).slice(0, 8))
})

test('certificates of the field', { skip }, async () => {
  const c = readCertificate(fixture('yessign-test/signCert.der'))
  assert.equal(c.subject, 'cn=HKD(KILDONG.HONG)009104120200225191000030,ou=INITECH,ou=personal4IB,o=yessign,c=kr')
  assert.deepEqual([c.owner, c.usage, c.policies], ['HKD', { sign: true, encrypt: false, ca: false }, ['1.2.410.200005.1.1.4']])
  assert.equal(c.notAfter.toISOString(), '2020-03-25T14:59:59.000Z')
  const root = readCertificate(fixture('ca/KISA-RootCA-4.der'))
  assert.equal(await root.fingerprint(), 'a002ff556c601863b08b9aa33a8e6666e97e72bbe552f66eb9f2395c68c7bc98')
  assert.deepEqual([root.usage.ca, root.notAfter.toISOString().slice(0, 10)], [true, '2030-07-12'])
  assert.equal(readCertificate(fixture('ca/yessignCA-Class3.der')).owner, '금융결제원')
})

test('a VID of the field', async () => {
  const r = unhex('79EA7568A2D3776604E18BCD3A1B1B85B7DA0872')
  assert.equal(hex(await vid('1234561234567', r)), '17692c8dd00ead33791de0a64a937c60799634c64ac56fa57570c0e05252ab35')
  for (const idn of ['', '123456-1234567', '1'.repeat(33), '１２３']) await assert.rejects(vid(idn, r), code('format'))
  await assert.rejects(vid('1', r.slice(1)), code('format'))
})

test('SEED and PBKDF over many sizes', async () => {
  for (let size = 0; size < 70; size++) {
    const [key, iv, plain] = [random(16), random(16), random(size)]
    const sealed = seedCbcEncrypt(key, iv, plain)
    assert.equal(sealed.length, size - (size % 16) + 16)
    assert.ok(equal(seedCbcDecrypt(key, iv, sealed), plain))
    // PBKDF1 with one iteration is SHA-1 of both: the hash over all sizes of a block's end.
    assert.equal(hex(await pbkdf1(plain, iv, 1)), createHash('sha1').update(plain).update(iv).digest('hex'))
  }
  let t = createHash('sha1').update('password').update('saltsalt').digest()
  for (let i = 1; i < 5000; i++) t = createHash('sha1').update(t).digest()
  assert.equal(hex(await pbkdf1(encode('password'), encode('saltsalt'), 5000)), t.toString('hex'))
  for (const hash of Object.keys(O.hashes))
    assert.equal(hex(await pbkdf2(encode('p'), encode('s'), 1000, hash, 32)), pbkdf2Sync('p', 's', 1000, 32, hash.replace('-', '')).toString('hex'))
})

test('SEED is fast enough', () => {
  const data = new Uint8Array(1 << 20)
  const key = random(16)
  let best = Infinity
  for (let i = 0; i < 8; i++) {
    const from = performance.now()
    seedCbcEncrypt(key, key, data)
    best = Math.min(best, performance.now() - from)
  }
  assert.ok(best < 100, `a megabyte took ${best} ms`) // ten times what it takes
})

test('a new password keeps R, and a new salt is drawn', async () => {
  const k = customer()
  for (const e of [COMPATIBLE, QUICK, { ...QUICK, scheme: 'pbes2-seed', hash: 'SHA-512' }, { ...COMPATIBLE, scheme: 'seed4' }]) {
    const one = await sealKey(k, PASSWORD, e)
    const two = await sealKey(k, PASSWORD, fresh((await openKey(one, PASSWORD)).encryption))
    assert.ok(!equal(one, two))
    assert.ok(equal((await openKey(two, PASSWORD)).r, k.r))
  }
  assert.equal((await openKey(await sealKey(k, PASSWORD, MODERN), PASSWORD)).encryption.iterations, 600_000)
})

test('three things that go wrong have three codes', async () => {
  const file = await sealKey(customer(), PASSWORD, QUICK)
  await assert.rejects(openKey(file, PASSWORD + '!'), code('wrong-password'))
  await assert.rejects(openKey(file.subarray(0, -1), PASSWORD), code('format'))
  const e = { ...QUICK, salt: random(8), iv: random(16) }
  await assert.rejects(sealKey(customer(), PASSWORD, { ...e, iterations: 10_000_001 }), code('iterations'))
  await assert.rejects(sealKey(customer(), PASSWORD, { ...e, iterations: 1023 }), code('iterations'))
  const [, ciphertext] = D.parse(file).children()
  const kdf = D.algorithm(O.pbkdf2, D.seq(D.octets(e.salt), D.int(10_000_001)))
  const over = D.seq(D.algorithm(O.pbes2, D.seq(kdf, D.algorithm(O.aes256Cbc, D.octets(e.iv)))), ciphertext.raw)
  await assert.rejects(openKey(over, PASSWORD), code('iterations'))
})

test('what opens but is no key is a wrong password; another sort of key is not', async () => {
  const file = (plain) => seal(plain, encode(PASSWORD), QUICK)
  for (const plain of [unhex(''), unhex('3000'), encode('no key'), D.seq(D.int(0))])
    await assert.rejects(openKey(await file(plain), PASSWORD), code('wrong-password'))
  const ec = D.seq(D.int(0), D.algorithm('1.2.840.10045.2.1', D.oid('1.2.840.10045.3.1.7')), D.octets(unhex('3000')))
  await assert.rejects(openKey(await file(ec), PASSWORD), code('unsupported'))
})

/** The customer's key with parts of it changed. */
function changed({ numbers, attributes, version = 0, end = [] }) {
  const [, algorithm, key] = D.parse(unhex(keys.customer.pkcs8)).children()
  const rsa = D.parse(key.value).children().map((n) => D.readInt(n))
  const all = numbers ? numbers(rsa) : rsa
  return D.seq(
    D.int(version),
    algorithm.raw,
    D.octets(D.seq(...all.map((n) => D.int(n)))),
    ...(attributes ? [D.implicit(0, true, ...attributes)] : []),
    ...end,
  )
}

test('a key must be whole', () => {
  const r = (b) => D.seq(D.oid(O.randomNum), D.set(b))
  const good = r(D.bits(random(20)))
  const other = D.seq(D.oid('1.2.3'), D.set(D.nul()))
  assert.equal(readPrivateKey(changed({})).r, undefined)
  assert.ok(readPrivateKey(changed({ attributes: [other, good] })).r)
  const v1 = changed({ version: 1, attributes: [other, good], end: [D.implicit(1, false, unhex('0001'))] })
  assert.ok(equal(withR(withR(v1, random(20)), readPrivateKey(v1).r), v1)) // nothing is lost on the way
  for (const [what, parts] of Object.entries({
    'R twice': { attributes: [good, good] },
    'R of 19 bytes': { attributes: [r(D.bits(random(19)))] },
    'R as OCTET STRING': { attributes: [r(D.octets(random(20)))] },
    'two Rs in one': { attributes: [D.seq(D.oid(O.randomNum), D.set(D.bits(random(20)), D.bits(random(20))))] },
    '33 attributes': { attributes: Array(33).fill(other) },
    'version 1 without its public key': { version: 1 },
    'a public key in version 0': { end: [D.implicit(1, false, unhex('0001'))] },
    'version 2': { version: 2 },
    'another modulus': { numbers: ([v, n, ...rest]) => [v, n + 2n, ...rest] },
    'an exponent that is not its own': { numbers: ([v, n, , ...rest]) => [v, n, 3n, ...rest] },
    'a wrong dP': { numbers: (all) => all.with(6, all[6] + 2n) },
    'a wrong coefficient': { numbers: (all) => all.with(8, all[8] + 1n) },
    'a number missing': { numbers: (all) => all.slice(0, 8) },
  }))
    assert.throws(() => readPrivateKey(changed(parts)), code('format'), what)
  assert.throws(() => readPrivateKey(changed({ numbers: (all) => all.with(0, 1n) })), code('unsupported'))
})

test('signing, and the end of a key', async () => {
  const k = customer()
  const key = await signer(k)
  assert.equal(key.extractable, false)
  const content = encode('이체 100,000원')
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, content)
  const spki = createPublicKey({ key: Buffer.from(publicKeyOf(k.pkcs8)), format: 'der', type: 'spki' })
  assert.ok(verify('sha256', content, spki, new Uint8Array(signature)))
  wipe(k)
  assert.ok(k.pkcs8.every((b) => !b) && k.r.every((b) => !b))
})

test('an EncryptedVID opens with the key-management key', async () => {
  const { certificates } = read('certificates')
  const km = unhex(certificates.find((c) => c.key === 'km').der)
  const r = newR()
  const evid = await encryptVid(r, km)
  const key = createPrivateKey({ key: Buffer.from(keys.km.pkcs8, 'hex'), format: 'der', type: 'pkcs8' })
  const sealed = D.inner(D.parse(evid).children()[4]).value
  // Raw RSA: newer Nodes turn implicit rejection on, which would hide bad padding.
  const block = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, sealed)
  const zero = block.indexOf(0, 2)
  assert.ok(block[0] === 0 && block[1] === 2 && zero > 9)
  const [v, number] = D.parse(new Uint8Array(block.subarray(zero + 1))).children()
  assert.ok(equal(D.readBits(number), r))
  assert.ok(equal(D.inner(v.children()[1]).value, await vid('1234561234567', r)))
  await assert.rejects(encryptVid(r.slice(1), km), code('format'))
})

test('no EncryptedVID for a weak key', async () => {
  const { certificates } = read('certificates')
  const c = readCertificate(unhex(certificates.find((v) => v.key === 'km').der))
  const weak = D.seq(D.algorithm(O.rsaEncryption, D.nul()), D.bits(D.seq(D.int(2n ** 1023n + 1n), D.int(65537))))
  const swapped = (spki) => {
    const [tbs, ...rest] = D.parse(c.der).children()
    return D.seq(D.seq(...tbs.children().map((n) => (equal(n.raw, c.spki) ? spki : n.raw))), ...rest.map((n) => n.raw))
  }
  assert.ok(equal(swapped(c.spki), c.der))
  await assert.rejects(encryptVid(newR(), swapped(weak)), code('unsupported'))
  const ed = D.seq(D.algorithm('1.3.101.112'), D.bits(random(32)))
  await assert.rejects(encryptVid(newR(), swapped(ed)), code('unsupported'))
})

test('requests', async () => {
  const k = customer()
  const bare = await createRequest(k, '', new Uint8Array())
  assert.equal(D.parse(bare).children()[0].children()[3].value.length, 0)
  await assert.rejects(createRequest(k, 'a'.repeat(256), new Uint8Array()), code('format'))
  await assert.rejects(createRequest(k, '\ud800', new Uint8Array()), code('format'))
  await assert.rejects(createRequest(k, 'x', unhex('30')), code('format'))
  await createRequest(k, '🗝'.repeat(255), new Uint8Array())
})
