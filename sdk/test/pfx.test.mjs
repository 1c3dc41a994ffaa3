// PFX: what others wrote opens here and what we write opens there, R with it.
import assert from 'node:assert/strict'
import { createCipheriv, createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { concat, encode, hex, unhex } from '../.build/asn1/bytes.js'
import { ctx, int, octets, oid, parse, readOid, seq, set, tlv } from '../.build/asn1/der.js'
import { COMPATIBLE, fresh, MODERN, seal } from '../.build/crypto/pbes.js'
import { openKey, readPrivateKey } from '../.build/npki/key.js'
import { decryptCbc, encryptCbc } from '../.build/pfx/cbc.js'
import { tripleDes } from '../.build/pfx/des.js'
import { bmp, derive } from '../.build/pfx/kdf.js'
import { writeMac } from '../.build/pfx/mac.js'
import { readPfx, writePfx } from '../.build/pfx/pfx.js'
import { rc2 } from '../.build/pfx/rc2.js'
import { sha256 } from '../.build/pfx/sha256.js'
import { bytes, code, damage, dice, DIR, field, FIELD_PASSWORD, needs, needsField, openssl, pem, run } from './tools.mjs'

const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/testdata/${name}.json`, import.meta.url), 'utf8'))
const { keys } = read('keys')
const der = (name) => unhex(read('certificates').certificates.find((c) => c.name === name).der)
const customer = { key: readPrivateKey(unhex(keys.customer.pkcs8)), certificate: der('customer'), chain: [der('ca'), der('root')], name: '홍길동의 인증서' }
const PASSWORD = 'Ingam! 한글 암호 7'
const QUICK = { iterations: 2048 }
const WEAK = { ...MODERN, iterations: 2048 }
const write = (name, data) => writeFileSync(join(DIR, name), data)

// Bytes that are the same in each run.
const roll = dice(11)
const random = (n) => Uint8Array.from({ length: n }, () => roll(256))

test('SHA-256 without a promise', () => {
  for (let n = 0; n < 200; n++) {
    const data = random(n)
    const want = createHash('sha256').update(data).digest()
    assert.equal(hex(sha256(data)), want.toString('hex'))
    assert.equal(hex(sha256(data, 3)), hex(sha256(sha256(want))))
  }
})

test('triple DES, with three keys and with two', () => {
  for (const [name, size] of [['des-ede3-cbc', 24], ['des-ede-cbc', 16]])
    for (let n = 0; n < 40; n++) {
      const [key, iv, plain] = [random(size), random(8), random(n)]
      const c = createCipheriv(name, key, iv)
      const sealed = bytes(Buffer.concat([c.update(plain), c.final()]))
      assert.deepEqual(decryptCbc(tripleDes(key), iv, sealed), plain)
      assert.deepEqual(encryptCbc(tripleDes(key, true), iv, plain), sealed)
    }
})

// RFC 2268 §5: those whose key counts whole.
test('RC2', () => {
  for (const [key, plain, cipher] of [
    ['ffffffffffffffff', 'ffffffffffffffff', '278b27e42e2f0d49'],
    ['3000000000000000', '1000000000000001', '30649edf9be7d2c2'],
    ['88bca90e90875a7f0f79c384627bafb2', '0000000000000000', '2269552ab0f85ca6'],
  ]) {
    const out = new Uint8Array(8)
    rc2(unhex(key))(unhex(cipher), out)
    assert.equal(hex(out), plain)
  }
})

test('a password as PKCS#12 has it', async () => {
  assert.equal(hex(bmp('Beavis')), '004200650061007600690073' + '0000')
  assert.equal(hex(bmp('')), '0000')
  // Known answers of the derivation, by OpenSSL 3.0's PKCS12KDF.
  assert.equal(hex(await derive('SHA-1', bmp('smeg'), unhex('0a58cf64530d823f'), 1, 1, 24)), '8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3')
  assert.equal(hex(await derive('SHA-1', bmp('smeg'), unhex('0a58cf64530d823f'), 1, 2, 8)), '79993dfe048d3b76')
})

test('the derivation is that of OpenSSL', needs('openssl'), async () => {
  for (const hash of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'])
    for (const size of [5, 8, 24, 70])
      for (const id of [1, 2, 3]) {
        const [salt, count] = [random(1 + roll(90)), 1 + roll(20)]
        const opts = { pass: hex(bmp(PASSWORD)), salt: hex(salt) }
        const out = openssl(['kdf', '-keylen', String(size), '-kdfopt', `digest:${hash.replace('-', '')}`, '-kdfopt', `hexpass:${opts.pass}`, '-kdfopt', `hexsalt:${opts.salt}`, '-kdfopt', `iter:${count}`, '-kdfopt', `id:${id}`, '-binary', 'PKCS12KDF'])
        assert.equal(hex(await derive(hash, bmp(PASSWORD), salt, count, id, size)), out.toString('hex'))
      }
})

test("the field's file opens, R with it", needsField, async () => {
  const [entry, more] = await readPfx(field('test.pfx'), FIELD_PASSWORD)
  assert.equal(more, undefined)
  const { r, pkcs8 } = await openKey(field('signPri.key'), FIELD_PASSWORD)
  assert.equal(r.length, 20)
  assert.deepEqual(entry.key, { pkcs8, r })
  assert.deepEqual([entry.certificate, entry.chain], [field('signCert.der'), []])
  await assert.rejects(readPfx(field('test.pfx'), FIELD_PASSWORD + '?'), code('wrong-password'))
  await assert.rejects(readPfx(field('test.pfx'), ''), code('wrong-password'))
})

test('ours opens again, with all that went in', async () => {
  const file = await writePfx(customer, PASSWORD, QUICK)
  const [entry, more] = await readPfx(file, PASSWORD)
  assert.equal(more, undefined)
  assert.deepEqual(entry, customer)
  assert.equal(hex(entry.key.r), keys.customer.r)
  assert.notDeepEqual(await writePfx(customer, PASSWORD, QUICK), file)
  const { name, ...nameless } = customer
  assert.deepEqual(await readPfx(await writePfx(nameless, '', QUICK), ''), [nameless])
  await assert.rejects(writePfx({ ...customer, certificate: der('ca') }, PASSWORD, QUICK), code('key-mismatch'))
  for (const wrong of ['', PASSWORD + ' ', PASSWORD.toLowerCase()]) await assert.rejects(readPfx(file, wrong), code('wrong-password'))
})

/** All elements below n, n too. */
function* below(n) {
  yield n
  if (n.tag & 0x20) for (const c of n.children()) yield* below(c)
}

test('what is written today: AES-256, many iterations for key, certificates and MAC, R in the key bag', async () => {
  const file = await writePfx(customer, PASSWORD)
  const [, safe, mac] = parse(file).children()
  const [digest, macSalt, macCount] = mac.children()
  assert.equal(readOid(digest.children()[0].children()[0]), '2.16.840.1.101.3.4.2.1')
  assert.equal(macSalt.value.length, 16)
  const counts = [macCount]
  const content = parse(safe.children()[1].children()[0].value)
  const [certificates, keyPart] = content.children()
  const [bag] = parse(keyPart.children()[1].children()[0].value).children()
  const [algorithm, sealed] = bag.children()[1].children()[0].children()
  for (const part of [algorithm, certificates]) {
    const all = [...below(part)]
    assert.ok(all.some((n) => n.tag === 6 && readOid(n) === '2.16.840.1.101.3.4.1.42'))
    assert.ok(all.some((n) => n.tag === 6 && readOid(n) === '1.2.840.113549.2.9'))
    counts.push(all.filter((n) => n.tag === 2).at(-1))
  }
  assert.deepEqual(counts.map((n) => hex(n.value)), Array(3).fill((600000).toString(16).padStart(6, '0')))
  // Opened without anything of ours.
  const [derivation, cipher] = algorithm.children()[1].children()
  const salt = derivation.children()[1].children()[0].value
  const secret = pbkdf2Sync(PASSWORD, salt, 600000, 32, 'sha256')
  const aes = createDecipheriv('aes-256-cbc', secret, cipher.children()[1].value)
  const plain = bytes(Buffer.concat([aes.update(sealed.value), aes.final()]))
  assert.equal(hex(plain), keys.customer.pkcs8)
  assert.ok(hex(plain).includes('060a2a831a8c9a440a010103' + '3117' + '031500' + keys.customer.r))
})

/** What OpenSSL finds in a file. */
const opensslReads = (file, password, ...more) => {
  write('o.p12', file)
  return openssl(['pkcs12', '-in', 'o.p12', '-nodes', '-passin', `pass:${password}`, ...more]).toString()
}

test('OpenSSL opens ours', needs('openssl'), async () => {
  for (const password of ['ingam-Test.7', '', '한글 암호']) {
    const file = await writePfx(customer, password, QUICK)
    const text = opensslReads(file, password)
    assert.equal(text.match(/BEGIN CERTIFICATE/g).length, 3)
    assert.equal(text.match(/localKeyID/g).length, 2)
    write('k.pem', text.slice(text.indexOf('-----BEGIN PRIVATE')))
    assert.equal(openssl(['pkey', '-in', 'k.pem', '-pubout', '-outform', 'DER']).toString('hex'), keys.customer.spki)
    assert.throws(() => opensslReads(file, password + 'x'), /invalid password/)
  }
})

test('the form for old programs: as the field has it', needs('openssl'), async () => {
  const file = await writePfx(customer, PASSWORD, { compatible: true })
  assert.deepEqual(await readPfx(file, PASSWORD), [customer])
  write('old.p12', file)
  const info = spawnSync('openssl', ['pkcs12', '-in', 'old.p12', '-info', '-noout', '-legacy', '-passin', `pass:${PASSWORD}`], { cwd: DIR }).stderr.toString()
  assert.match(info, /^MAC: sha1, Iteration 2048\nMAC length: 20, salt length: 16\nPKCS7 Data\n(Certificate bag\n){3}Shrouded Keybag: pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048\n$/)
  const checked = spawnSync('openssl', ['pkey', '-check', '-noout'], { input: opensslReads(file, PASSWORD, '-legacy') })
  assert.equal(checked.stdout.toString(), 'Key is valid\n')
})

test("OpenSSL's open here, in every way it encrypts", needs('openssl'), async (t) => {
  write('key.pem', pem('PRIVATE KEY', unhex(keys.customer.pkcs8)))
  write('cert.pem', pem('CERTIFICATE', der('customer')))
  write('chain.pem', pem('CERTIFICATE', der('root')) + pem('CERTIFICATE', der('ca')))
  const legacy = ['-provider', 'legacy', '-provider', 'default']
  const cases = {
    'as it does by default': [],
    'as it did before': ['-legacy'],
    'two-key triple DES, RC2-128': [...legacy, '-keypbe', 'PBE-SHA1-2DES', '-certpbe', 'PBE-SHA1-RC2-128', '-macalg', 'sha1'],
    'AES-128': ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-128-CBC'],
    SEED: [...legacy, '-keypbe', 'SEED-CBC', '-certpbe', 'SEED-CBC'],
    'certificates in clear': ['-certpbe', 'NONE'],
    'key in clear': ['-keypbe', 'NONE'],
    'one iteration': ['-noiter', '-nomaciter'],
    'a longer hash': ['-macalg', 'sha512'],
  }
  for (const [name, args] of Object.entries(cases))
    for (const password of ['ingam-Test.7', ''])
      await t.test(`${name}${password ? '' : ', no password'}`, async () => {
        const file = bytes(openssl(['pkcs12', '-export', '-inkey', 'key.pem', '-in', 'cert.pem', '-certfile', 'chain.pem', '-name', '홍길동', '-passout', `pass:${password}`, ...args]))
        const [entry] = await readPfx(file, password)
        assert.deepEqual([entry.certificate, entry.chain, entry.name], [customer.certificate, customer.chain, '홍길동'])
        // OpenSSL loses R: where the key came with it, it would be there.
        assert.equal(hex(entry.key.pkcs8).slice(60, 400), keys.customer.pkcs8.slice(60, 400))
        await assert.rejects(readPfx(file, 'another'), code('wrong-password'))
      })
  const bare = bytes(openssl(['pkcs12', '-export', '-inkey', 'key.pem', '-in', 'cert.pem', '-passout', 'pass:x', '-nomac']))
  await assert.rejects(readPfx(bare, 'x'), code('unsupported'))
  const rc4 = bytes(openssl(['pkcs12', '-export', ...legacy, '-inkey', 'key.pem', '-in', 'cert.pem', '-passout', 'pass:x', '-keypbe', 'PBE-SHA1-RC4-128']))
  await assert.rejects(readPfx(rc4, 'x'), code('unsupported'))
  const alone = bytes(openssl(['pkcs12', '-export', '-nocerts', '-inkey', 'key.pem', '-passout', 'pass:x']))
  await assert.rejects(readPfx(alone, 'x'), code('not-found'))
})

test('Java opens ours, and its own opens here', needs('keytool', 'openssl'), async () => {
  const keytool = (command, store, ...more) =>
    run('keytool', [command, '-keystore', store, '-storetype', 'PKCS12', '-storepass', 'ingam-Test.7', '-J-Duser.language=en', ...more])
  write('ours.p12', await writePfx({ ...customer, name: 'ours' }, 'ingam-Test.7', QUICK))
  // A request is signed with the key: it was opened.
  write('request.pem', keytool('-certreq', 'ours.p12', '-alias', 'ours'))
  assert.equal(openssl(['req', '-in', 'request.pem', '-verify', '-noout', '-pubkey']).toString(), pem('PUBLIC KEY', unhex(keys.customer.spki)))
  for (const alias of ['one', 'two']) keytool('-genkeypair', 'theirs.p12', '-alias', alias, '-keyalg', 'RSA', '-keysize', '2048', '-dname', 'CN=' + alias)
  const found = await readPfx(bytes(readFileSync(join(DIR, 'theirs.p12'))), 'ingam-Test.7')
  assert.deepEqual(found.map((e) => e.name), ['one', 'two'])
})

const BAG = '1.2.840.113549.1.12.10.1.'
const bag = (type, value, ...attributes) => seq(oid(BAG + type), ctx(0, value), ...(attributes.length ? [set(...attributes)] : []))
const certBag = (c, ...a) => bag(3, seq(oid('1.2.840.113549.1.9.22.1'), ctx(0, octets(c))), ...a)
const data = (...bags) => seq(oid('1.2.840.113549.1.7.1'), ctx(0, octets(seq(...bags))))
const keyId = (...id) => seq(oid('1.2.840.113549.1.9.21'), set(octets(Uint8Array.from(id))))

/** A PFX of parts that a test made itself. */
async function pfx(parts, password, { count = 1000, form = bmp(password), content = seq(...parts), hash = 'SHA-256' } = {}) {
  return seq(int(3), seq(oid('1.2.840.113549.1.7.1'), ctx(0, octets(content))), await writeMac(hash, form, count, content))
}
const sealed = async (name, e = WEAK) => seal(unhex(keys[name].pkcs8), encode('pw'), fresh(e))

test('several keys, bags in bags, SEED as in key files, and what is not read is passed over', async () => {
  const parts = [
    data(bag(2, await sealed('ca')), certBag(der('root')), bag(5, seq(oid('1.2.3'), ctx(0, octets(random(9)))))),
    data(bag(6, seq(bag(6, seq(bag(2, await sealed('customer', COMPATIBLE), keyId(7))), keyId(1)), certBag(der('customer'), keyId(8))))),
    data(certBag(der('corporate'), keyId(7)), certBag(der('ca')), bag(1, unhex(keys.km.pkcs8)), certBag(der('km')), bag(2, await sealed('root', { ...COMPATIBLE, scheme: 'seed4' }))),
  ]
  const found = await readPfx(await pfx(parts, 'pw'), 'pw')
  assert.deepEqual(found.map((e) => hex(e.certificate)), ['ca', 'corporate', 'km', 'root'].map((n) => hex(der(n))))
  assert.deepEqual(found.map((e) => e.chain.length), [1, 2, found[2].chain.length, 0])
  assert.equal(hex(found[1].key.pkcs8), keys.customer.pkcs8)
})

test('of several certificates for a key the one that is tied to it, or lasts longest', async () => {
  const [older, newer] = [der('customer'), der('corporate')]
  const of = async (...bags) => (await readPfx(await pfx([data(...bags)], 'pw'), 'pw'))[0].certificate
  const key = unhex(keys.customer.pkcs8)
  for (const [one, other] of [[older, newer], [newer, older]])
    assert.deepEqual(await of(certBag(one, keyId(1)), certBag(other, keyId(2)), bag(1, key, keyId(2))), other)
})

test('a key that is not RSA is passed over', needs('openssl'), async () => {
  openssl(['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'ec.pem'])
  const ec = bytes(openssl(['pkcs8', '-topk8', '-nocrypt', '-in', 'ec.pem', '-outform', 'DER']))
  const ours = [bag(1, unhex(keys.customer.pkcs8)), certBag(der('customer'))]
  assert.equal((await readPfx(await pfx([data(bag(1, ec), ...ours)], 'pw'), 'pw')).length, 1)
  await assert.rejects(readPfx(await pfx([data(bag(1, ec))], 'pw'), 'pw'), code('unsupported'))
})

test('a file that was changed is not taken for a wrong password', async () => {
  const file = await writePfx(customer, 'pw', QUICK)
  const changed = file.slice()
  changed[file.length - 30] ^= 1 // in the MAC
  await assert.rejects(readPfx(changed, 'pw'), code('format'))
  await assert.rejects(readPfx(changed, 'wp'), code('wrong-password'))
})

test('an empty password in its other form', async () => {
  const parts = [data(bag(1, unhex(keys.customer.pkcs8)), certBag(der('customer')))]
  assert.equal((await readPfx(await pfx(parts, '', { form: new Uint8Array() }), '')).length, 1)
  await assert.rejects(readPfx(await pfx(parts, '', { form: new Uint8Array() }), 'x'), code('wrong-password'))
})

test('indefinite lengths and strings in pieces are read', async () => {
  const loose = (tag, ...c) => concat(Uint8Array.of(tag, 0x80), ...c, new Uint8Array(2))
  const pieces = (b) => loose(0x24, octets(b.subarray(0, 100)), octets(b.subarray(100)))
  const id = oid('1.2.840.113549.1.7.1')
  const inside = loose(0x30, bag(1, unhex(keys.customer.pkcs8)), certBag(der('customer')))
  const content = loose(0x30, loose(0x30, id, loose(0xa0, pieces(inside))))
  const file = loose(0x30, int(3), loose(0x30, id, loose(0xa0, pieces(content))), await writeMac('SHA-1', bmp('pw'), 1000, content))
  assert.equal((await readPfx(file, 'pw')).length, 1)
})

test('iterations are bounded, all together', async () => {
  const parts = [data(bag(1, unhex(keys.customer.pkcs8)), certBag(der('customer')))]
  const file = await pfx(parts, 'pw', { count: 1000 })
  const salt = file.length - 4 // 02 02 03e8
  assert.equal(hex(file.subarray(salt)), '020203e8')
  const withCount = (n) => {
    const [version, safe, mac] = parse(file).children()
    const [digest, salt] = mac.children()
    return seq(version.raw, safe.raw, seq(digest.raw, salt.raw, n))
  }
  for (const n of [int(10_000_001), int(2 ** 40), int(0), tlv(2, Uint8Array.of(255)), int(random(64))])
    await assert.rejects(readPfx(withCount(n), 'pw'), code('iterations'))
  // Each part alone is within the bound.
  const slow = seq(seq(oid('1.2.840.113549.1.12.1.3'), seq(octets(random(8)), int(9_999_500))), octets(random(16)))
  await assert.rejects(readPfx(await pfx([data(bag(2, slow))], 'pw'), 'pw'), code('iterations'))
  const half = await sealed('ca', { ...WEAK, iterations: 1_000_000 })
  const high = Buffer.from(half)
  high.writeUIntBE(9_999_001, high.indexOf('02030f4240', 0, 'hex') + 2, 3)
  await assert.rejects(readPfx(await pfx([data(bag(2, high))], 'pw'), 'pw'), code('iterations'))
})

test('what is too large is refused', async () => {
  await assert.rejects(readPfx(new Uint8Array((1 << 20) + 1), 'pw'), code('too-large'))
  const many = Array(257).fill(bag(5, seq(oid('1.2.3'), ctx(0, octets(random(1))))))
  await assert.rejects(readPfx(await pfx([data(...many)], 'pw'), 'pw'), code('too-large'))
  let deep = seq(certBag(der('customer')))
  for (let n = 0; n < 40; n++) deep = seq(bag(6, deep))
  await assert.rejects(readPfx(await pfx([data(...parse(deep).children().map((c) => c.raw))], 'pw'), 'pw'), code('format'))
})

test('damaged files end in an error of ours, or hold what was put in', async () => {
  const one = await writePfx(customer, 'pw', { iterations: 1024 })
  const other = needsField.skip ? [] : [field('test.pfx')]
  for (let n = 0; n < one.length; n += 7) await assert.rejects(readPfx(one.slice(0, n), 'pw'), code())
  await damage([one], 400, async (file) => assert.deepEqual(await readPfx(file, 'pw'), [customer]))
  await damage(other, 400, (file) => readPfx(file, FIELD_PASSWORD))
})

// With a right MAC over what was damaged, all behind it has to bear it.
test('damaged contents under a right MAC end in an error of ours or in an answer', async () => {
  const plain = seq(data(bag(1, unhex(keys.customer.pkcs8)), certBag(der('customer'))), data(bag(2, await sealed('ca')), certBag(der('ca'))))
  await damage([plain], 600, async (content) => readPfx(await pfx([], 'pw', { content, count: 1 }), 'pw'))
})

/** A vector's file: its own bytes, or another's with some changed or cut off. */
function fileOf(v, all) {
  const file = unhex(v.base ? all.find((o) => o.name === v.base).file : (v.file ?? '')).slice(0, v.length)
  if (v.with) file.set(unhex(v.with), v.at)
  return file
}

test("Go's vectors", async (t) => {
  const { open, bad } = read('pfx')
  for (const v of [...open, ...read('from-typescript').pfx])
    await t.test(v.name, async () => {
      const found = await readPfx(unhex(v.file), v.password)
      assert.equal(found.length, v.identities.length)
      v.identities.forEach((want, i) => {
        const { key, certificate, chain, name } = found[i]
        assert.deepEqual([certificate, chain, name], [der(want.certificate), (want.chain ?? []).map(der), want.name])
        assert.equal(key.r && hex(key.r), want.withR ? keys[want.key].r : undefined)
        if (want.withR) assert.equal(hex(key.pkcs8), keys[want.key].pkcs8)
      })
    })
  for (const v of bad)
    await t.test(v.name, async () => {
      // A changed file is told from a wrong password by the code of a damaged one.
      await assert.rejects(readPfx(fileOf(v, open), v.password), code(v.name === 'changed' ? 'format' : v.code))
    })
})
