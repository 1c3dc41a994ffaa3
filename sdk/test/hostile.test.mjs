// Files come from anywhere. Whatever is in them, reading ends soon, with a
// result or a WalletError. The inputs are the same in each run.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { encode, unhex, unpem } from '../.build/asn1/bytes.js'
import * as D from '../.build/asn1/der.js'
import { parseBer } from '../.build/cms/ber.js'
import { readEncrypted } from '../.build/crypto/pbes.js'
import { WalletError } from '../.build/error.js'
import { openKey, publicKeyOf, readPrivateKey, withR } from '../.build/npki/key.js'
import { nameString, parseName } from '../.build/npki/name.js'
import { encryptVid } from '../.build/npki/vid.js'
import { createRequest } from '../.build/pkcs10/request.js'
import { readCertificate } from '../.build/x509/certificate.js'

const ROUNDS = 3000
const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/testdata/${name}.json`, import.meta.url), 'utf8'))

/** mulberry32, from a fixed seed. */
function source(seed) {
  return (limit) => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % limit
  }
}

const INTERESTING = [0, 1, 0x1f, 0x24, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xa0, 0xa3, 0xff]

/** Bytes with a few places changed, dropped, doubled or cut. */
function mutate(bytes, next) {
  let b = bytes.slice()
  for (let n = 1 + next(4); n--; ) {
    if (!b.length) return b
    const at = next(4) ? next(Math.min(b.length, 64)) : next(b.length)
    switch (next(6)) {
      case 0:
        b[at] = next(256)
        break
      case 1:
        b[at] = INTERESTING[next(INTERESTING.length)]
        break
      case 2:
        b[at] ^= 1 << next(8)
        break
      case 3:
        b = b.slice(0, at)
        break
      case 4:
        b = D.concat(b.subarray(0, at), b.subarray(at + 1 + next(8)))
        break
      default:
        b = D.concat(b.subarray(0, at), b.subarray(Math.max(0, at - next(16))))
    }
  }
  return b
}

const noise = (next) => Uint8Array.from({ length: next(200) }, () => (next(3) ? next(256) : INTERESTING[next(INTERESTING.length)]))

/** Runs f on many inputs; all that it may throw is a WalletError. */
async function hold(t, seeds, f) {
  const next = source(20261122)
  let passed = 0
  for (let i = 0; i < ROUNDS; i++) {
    const input = i < seeds.length ? seeds[i] : next(10) ? mutate(seeds[next(seeds.length)], next) : noise(next)
    const from = performance.now()
    try {
      await f(input)
      passed++
    } catch (err) {
      if (!(err instanceof WalletError)) assert.fail(`${err?.stack}\non ${Buffer.from(input).toString('hex')}`)
    }
    const took = performance.now() - from
    assert.ok(took < 5000, `${took} ms on ${Buffer.from(input).toString('hex')}`)
  }
  t.diagnostic(`${passed} of ${ROUNDS} were read`)
  assert.ok(passed >= seeds.length)
}

/** Reads an element to its leaves, as each of its types. */
function walk(n) {
  for (const f of [D.readOid, D.readInt, D.readSmall, D.readBits, D.readString, D.readTime, D.readAlgorithm, D.readOctets, D.inner]) {
    try {
      f(n)
    } catch (err) {
      if (!(err instanceof D.DerError)) throw err
    }
  }
  if (n.tag & 0x20) n.children().forEach(walk)
}

const { keys } = read('keys')
const certificates = read('certificates').certificates.map((c) => unhex(c.der))
const files = read('key-files').open.map((f) => unhex(f.file))

test('DER and BER', async (t) => {
  const seeds = [...certificates.slice(0, 2), unhex('308024800401610402626300000000'), D.time(new Date(0)), D.utf8('홍'), D.bits(unhex('aa'))]
  await hold(t, seeds, (b) => {
    let failed
    for (const ber of [false, true])
      try {
        walk(D.parse(b, { ber }))
        return
      } catch (err) {
        failed = err
      }
    throw failed
  })
})

test('certificates', (t) => hold(t, certificates, (b) => readCertificate(b).fingerprint()))

test('names', (t) => hold(t, read('names').names.map((n) => unhex(n.der)), (b) => nameString(parseName(b))))

test('key files, without a password', (t) => hold(t, files, readEncrypted))

test('key files, with a password', (t) => {
  // Only those that ask for little work: a count within the cap may take its time.
  const quick = files.filter((f) => readEncrypted(f).encryption.iterations <= 2048)
  return hold(t, quick, async (b) => {
    const { encryption } = readEncrypted(unpem(b))
    if (encryption.iterations > 1 << 16) return
    await openKey(b, 'ingam-Vector.7')
  })
})

test('keys', (t) =>
  hold(t, [unhex(keys.customer.pkcs8), unhex(keys.km.pkcs8)], (b) => {
    const k = readPrivateKey(b)
    publicKeyOf(k.pkcs8)
    withR(k.pkcs8, new Uint8Array(20))
  }))

test('key-management certificates', (t) => {
  const km = certificates.filter((c) => readCertificate(c).usage.encrypt)
  return hold(t, km, (b) => encryptVid(new Uint8Array(20), b))
})

test('EncryptedVIDs in a request', async (t) => {
  const k = readPrivateKey(unhex(keys.customer.pkcs8))
  const next = source(7)
  const seed = unhex(read('vid').encryptedVid.encryptedVid)
  for (let i = 0; i < 100; i++) {
    try {
      await createRequest(k, 'x', mutate(seed, next))
    } catch (err) {
      assert.ok(err instanceof WalletError, err)
    }
  }
})

test('PEM that never ends', () => {
  for (const text of ['-----BEGIN A-----'.repeat(5e4), '-----BEGIN A-----' + 'A '.repeat(4e5), '-----BEGIN '.repeat(9e4)]) {
    const from = performance.now()
    assert.throws(() => readCertificate(encode(text)), WalletError)
    assert.ok(performance.now() - from < 2000)
  }
})

test('BER that has to be read to find its end, end within end', () => {
  for (const [many, deep] of [[250_000, 28], [2_000_000, 28], [100_000, 1]]) {
    const rows = []
    for (let left = many; left > 0; left -= 100_000) rows.push(unhex('3080'), unhex('30800000'.repeat(Math.min(left, 100_000))), unhex('0000'))
    const bytes = D.concat(unhex('3080'.repeat(deep)), ...rows, unhex('0000'.repeat(deep)))
    const from = performance.now()
    try {
      parseBer(bytes)
    } catch (err) {
      assert.ok(err instanceof WalletError, err)
    }
    assert.ok(performance.now() - from < 5000, `${performance.now() - from} ms`)
  }
})

test('what is DER already is neither rewritten nor copied', () => {
  const content = new Uint8Array(300)
  for (const der of [D.seq(D.int(1)), D.seq(D.octets(content), D.seq(D.set(D.octets(content)))), D.octets(new Uint8Array(1 << 17))]) {
    assert.equal(parseBer(der).raw.buffer, der.buffer)
  }
  for (const ber of ['308102' + '0500', '3080' + '0500' + '0000', '3082000a' + '2480' + '040161' + '0401620000']) {
    assert.notDeepEqual(parseBer(unhex(ber)).raw, unhex(ber))
  }
})

test('an element of a million', () => {
  const many = new Uint8Array(4 + 2 * (1 << 18)).fill(0)
  many.set(unhex('30830800'), 0)
  assert.throws(() => D.parse(many).children(), D.DerError)
  const wide = D.seq(new Uint8Array(2 << 18))
  assert.throws(() => D.parse(wide).children(), D.DerError)
})
