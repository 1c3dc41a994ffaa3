import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compare, encode, equal, hex, unhex, unpem } from '../.build/asn1/bytes.js'
import * as D from '../.build/asn1/der.js'
import * as O from '../.build/asn1/oid.js'

const bad = (f, what) => assert.throws(f, D.DerError, what)

test('what is written reads back', () => {
  for (const n of [0n, 1n, 127n, 128n, 255n, 256n, 65537n, 2n ** 160n - 1n, 2n ** 2047n]) {
    assert.equal(D.readInt(D.parse(D.int(n))), n)
    if (n) assert.equal(D.readInt(D.parse(D.int(D.fromBig(n, 300)))), n)
  }
  for (const id of [...Object.values(O).filter((v) => typeof v === 'string'), '0.9.2342.19200300.100.1.1', '2.999.3', '2.16.840.1'])
    assert.equal(D.readOid(D.parse(D.oid(id))), id)
  for (const size of [0, 1, 127, 128, 255, 256, 65535, 65536]) {
    const n = D.parse(D.octets(new Uint8Array(size)))
    assert.deepEqual([n.value.length, n.raw.length - n.header], [size, size])
  }
  assert.equal(D.readString(D.parse(D.utf8('홍길동 🗝'))), '홍길동 🗝')
  assert.equal(hex(D.readBits(D.parse(D.bits(unhex('00ff'))))), '00ff')
  assert.equal(hex(D.setOf(D.int(5), D.octets(unhex('01')), D.int(1))), '3109020101020105040101')
})

test('known encodings', () => {
  assert.equal(hex(D.int(128)), '02020080')
  assert.equal(hex(D.int(0)), '020100')
  assert.equal(hex(D.oid(O.randomNum)), '060a2a831a8c9a440a010103')
  assert.equal(hex(D.algorithm(O.sha256, D.nul())), '300d06096086480165030402010500')
  assert.equal(hex(D.ctx(0, D.int(0))), 'a003020100')
  assert.equal(hex(D.implicit(1, false, unhex('aa'))), '8101aa')
})

test('times', () => {
  for (const [at, want] of [
    ['2026-11-22T14:59:59Z', '170d3236313132323134353935395a'],
    ['1950-01-01T00:00:00Z', '170d3530303130313030303030305a'],
    ['2049-12-31T23:59:59Z', '170d3439313233313233353935395a'],
    ['2050-01-01T00:00:00Z', '180f32303530303130313030303030305a'],
    ['1949-12-31T23:59:59Z', '180f31393439313233313233353935395a'],
  ]) {
    assert.equal(hex(D.time(new Date(at))), want)
    assert.deepEqual(D.readTime(D.parse(unhex(want))), new Date(at))
  }
  for (const s of ['260230000000Z', '261322000000Z', '260101240000Z', '260101000060Z', '2601010000Z', '260101000000+0900', '260101000000', '２60101000000Z'])
    bad(() => D.readTime(D.parse(D.tlv(23, encode(s)))), s)
  for (const s of ['20260230000000Z', '20260101000000.5Z', '260101000000Z']) bad(() => D.readTime(D.parse(D.tlv(24, encode(s)))), s)
})

test('string types', () => {
  const read = (tag, bytes) => D.readString(D.parse(D.tlv(tag, unhex(bytes))))
  assert.equal(read(30, 'd64dae38b3d9'), '홍길동')
  assert.equal(read(28, '0001f5dd'), '🗝')
  assert.equal(read(20, 'ed998d'), '홍')
  assert.equal(read(20, 'e9'), 'é')
  assert.equal(read(12, 'efbbbf61'), '\ufeffa')
  for (const [tag, bytes] of [[12, 'ff'], [12, 'eda080'], [19, '80'], [30, 'd8'], [30, 'd800dc00'], [28, '00110000'], [28, '0000d800'], [4, '61']])
    bad(() => read(tag, bytes), `${tag} ${bytes}`)
})

test('what is not DER is refused', () => {
  for (const s of [
    '', '30', '3001', '300200', '300000', // cut off, or a byte too many
    '308100', '30820000', '3081010000', '04817f' + '00'.repeat(127), '0482008000', // lengths that are longer than need be
    '3080', '30800000', '30ff', '30850000000000', '1f0100', '30840fffffff', // no DER, or huge
  ])
    bad(() => D.parse(unhex(s)), s)
  for (const s of ['0200', '02020001', '0202ff80', '0203000080']) bad(() => D.readInt(D.parse(unhex(s))), s)
  for (const s of ['0600', '060180', '06028001', '0602812a80', '060690808080807f', '06058880808000']) bad(() => D.readOid(D.parse(unhex(s))), s)
  for (const s of ['0300', '030101', '030201fe']) bad(() => D.readBits(D.parse(unhex(s))), s)
  bad(() => D.parse(unhex('0401ff')).children())
  bad(() => D.parse(unhex('30030401')).children())
})

test('a sequence is taken apart from the front', () => {
  const f = D.fields(D.parse(D.seq(D.int(1), D.ctx(0, D.nul()), D.octets(unhex('aa')))))
  assert.equal(D.readSmall(f.take(2)), 1)
  assert.equal(f.may(0xa1), undefined)
  assert.equal(D.inner(f.may(0xa0)).tag, 5)
  bad(() => f.end())
  bad(() => f.take(2))
  assert.equal(hex(D.readOctets(f.take(4))), 'aa')
  f.end()
  bad(() => f.take())
  bad(() => D.fields(D.parse(D.set()), 0x30))
})

test('BER: indefinite lengths and strings in pieces', () => {
  const n = D.parse(unhex('3080' + '2480' + '040161' + '24800401620000' + '0000' + '0000'), { ber: true })
  const [s] = n.children()
  assert.equal(hex(D.readOctets(s)), '6162')
  assert.equal(n.end, 18)
  assert.equal(hex(s.raw), '248004016124800401620000' + '0000')
  assert.equal(D.parse(unhex('30820003020105'), { ber: true }).children().length, 1)
  for (const t of ['3080', '308000', '30800401', '0480610000', '30800000' + '00']) bad(() => D.parse(unhex(t), { ber: true }), t)
  bad(() => D.parse(unhex('3080'.repeat(40) + '0000'.repeat(40)), { ber: true }))
})

test('elements within elements are bounded', () => {
  let der = D.seq()
  for (let i = 0; i < 100; i++) der = D.seq(der)
  let n = D.parse(der)
  bad(() => {
    for (;;) [n] = n.children()
  })
})

test('PEM', () => {
  const pem = (body) => encode(`text before\n-----BEGIN THING-----\n${body}\n-----END THING-----\nand after\n`)
  assert.equal(hex(unpem(pem('MAMC\r\nAQU='))), '3003020105')
  assert.equal(hex(unpem(unhex('3003020105'))), '3003020105')
  for (const other of ['MAMC', 'M', '!!'].map(pem)) assert.ok(unpem(other).length)
  assert.equal(unpem(new Uint8Array()).length, 0)
})

test('bytes compare as DER orders them', () => {
  assert.ok(compare(unhex('01'), unhex('0100')) < 0)
  assert.ok(compare(unhex('02'), unhex('0100')) > 0)
  assert.ok(equal(unhex('0102'), unhex('0102')))
  assert.ok(!equal(unhex('01'), unhex('0100')) && !equal(unhex(''), unhex('00')) && !equal(unhex('01'), unhex('02')))
})
