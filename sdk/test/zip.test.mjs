// Zips: what others pack is read, what we pack others read, and what is made
// to do harm is refused.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import { MAX_ENTRIES, MAX_FILE, unzip, zip } from '../.build/folder/zip.js'
import { bytes, code, damage, DIR, needs, run } from './tools.mjs'

const NAME = 'NPKI/yessign/USER/cn=홍길동()0081041,c=kr/signCert.der'
const TEXT = new TextEncoder().encode('certificate '.repeat(40))
const all = () => true

const PACK = `
import sys, zipfile
name, method, out = sys.argv[1:4]
with zipfile.ZipFile(out, 'w', getattr(zipfile, method)) as z:
    z.writestr('NPKI/', b'')
    z.writestr(name, sys.stdin.buffer.read())
    z.writestr('NPKI/readme.txt', b'x' * 100000)
`
const pack = (name, method = 'ZIP_DEFLATED') => {
  run('python3', ['-c', PACK, name, method, 'p.zip'], { input: TEXT })
  return bytes(readFileSync(join(DIR, 'p.zip')))
}

test('zips of python, stored and deflated, open', needs('python3'), async () => {
  for (const method of ['ZIP_STORED', 'ZIP_DEFLATED']) {
    const asked = []
    const files = await unzip(pack(NAME, method), (path) => asked.push(path) && path.endsWith('.der'))
    assert.deepEqual(files, [{ path: NAME, bytes: TEXT }])
    assert.deepEqual(asked, [NAME, 'NPKI/readme.txt'])
  }
})

test('names of Korean Windows, in CP949 and with backslashes, are read', needs('python3'), async () => {
  const cp949 = Buffer.from([0xc8, 0xab, 0xb1, 0xe6, 0xb5, 0xbf]) // 홍길동
  const made = Buffer.from(pack('cn=______\\signCert.der'))
  for (let at; (at = made.indexOf('______')) >= 0; ) cp949.copy(made, at)
  const [file] = await unzip(bytes(made), (path) => path.endsWith('.der'))
  assert.equal(file.path, 'cn=홍길동/signCert.der')
})

test('zips of Info-ZIP open, in NFD too, with something before them', needs('zip'), async () => {
  const dir = join(DIR, 'in')
  const name = 'cn=홍길동'.normalize('NFD')
  mkdirSync(join(dir, name), { recursive: true })
  writeFileSync(join(dir, name, 'signPri.key'), TEXT)
  run('zip', ['-q', '-r', '../info.zip', '.'], { cwd: dir })
  const made = readFileSync(join(DIR, 'info.zip'))
  for (const before of ['', 'MZ something else first'])
    assert.deepEqual(await unzip(bytes(Buffer.concat([Buffer.from(before), made])), all), [{ path: 'cn=홍길동/signPri.key', bytes: TEXT }])
  run('zip', ['-q', '-r', '-P', 'secret', '../locked.zip', '.'], { cwd: dir })
  await assert.rejects(unzip(bytes(readFileSync(join(DIR, 'locked.zip'))), all), code('unsupported'))
})

test('unzip and python open ours', needs('unzip', 'python3'), () => {
  const made = zip([{ path: NAME, bytes: TEXT }, { path: 'NPKI/empty', bytes: new Uint8Array() }], new Date(2026, 10, 22, 12, 34, 56))
  writeFileSync(join(DIR, 'ours.zip'), made)
  run('unzip', ['-tq', 'ours.zip'])
  run('unzip', ['-oq', 'ours.zip', '-d', 'out'], { env: { ...process.env, LC_ALL: 'C.UTF-8' } })
  assert.deepEqual(bytes(readFileSync(join(DIR, 'out', NAME))), TEXT)
  assert.equal(statSync(join(DIR, 'out', NAME)).mode & 0o777, 0o600)
  const listed = run('python3', ['-c', 'import zipfile; z = zipfile.ZipFile("ours.zip"); assert z.testzip() is None; i = z.infolist()[0]; print(i.filename, i.date_time, i.flag_bits)'], {
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
  })
  assert.equal(listed.toString().trim(), `${NAME} (2026, 11, 22, 12, 34, 56) 2048`)
})

test('ours opens again', async () => {
  const files = [{ path: NAME, bytes: TEXT }, { path: 'b', bytes: new Uint8Array() }]
  assert.deepEqual(await unzip(zip(files), all), files)
})

/** A zip of one deflated entry that says of itself what it is told to. */
function forged(data, { size, packed, crc, method = 8, name = 'signCert.der' } = {}) {
  const raw = deflateRawSync(data)
  const made = Buffer.from(zip([{ path: name, bytes: bytes(raw) }]))
  const central = made.indexOf('PK\x01\x02', 0, 'latin1')
  made.writeUInt16LE(method, central + 10)
  if (crc === undefined) crc = Buffer.from(zip([{ path: 'x', bytes: bytes(data) }])).readUInt32LE(14)
  made.writeUInt32LE(crc, central + 16)
  made.writeUInt32LE(packed ?? raw.length, central + 20)
  made.writeUInt32LE(size ?? data.length, central + 24)
  return bytes(made)
}

test('a forged entry is what this test says it is', async () => {
  assert.deepEqual(await unzip(forged(TEXT), all), [{ path: 'signCert.der', bytes: TEXT }])
})

/** Counts what is inflated while `act` runs. */
async function inflated(act) {
  const Real = globalThis.DecompressionStream
  let n = 0
  globalThis.DecompressionStream = class {
    constructor(format) {
      const real = new Real(format)
      this.writable = real.writable
      const count = (chunk, out) => ((n += chunk.length), out.enqueue(chunk))
      this.readable = real.readable.pipeThrough(new TransformStream({ transform: count }))
    }
  }
  await act().finally(() => (globalThis.DecompressionStream = Real))
  return n
}

test('bombs and lies are refused, and not unpacked to the end', async () => {
  const zeros = new Uint8Array(32 << 20)
  await assert.rejects(unzip(forged(zeros), all), code('too-large'))
  // It says that little comes out, and 32 MB would.
  const bomb = forged(zeros, { size: 60000 })
  assert.ok((await inflated(() => assert.rejects(unzip(bomb, all), code('format')))) < 1 << 20)
  await assert.rejects(unzip(forged(TEXT, { size: 0 }), all), code('format'))
  // 60 kB out of 80 bytes: no key, no certificate.
  await assert.rejects(unzip(forged(new Uint8Array(60000)), all), code('too-large'))
  await assert.rejects(unzip(forged(TEXT, { size: TEXT.length + 1 }), all), code('format'))
  await assert.rejects(unzip(forged(TEXT, { size: TEXT.length - 1 }), all), code('format'))
  await assert.rejects(unzip(forged(TEXT, { size: 0xffffffff }), all), code('too-large'))
  await assert.rejects(unzip(forged(TEXT, { packed: 0xffffffff }), all), code('unsupported'))
  await assert.rejects(unzip(forged(TEXT, { packed: 1 << 20 }), all), code('format'))
  await assert.rejects(unzip(forged(TEXT, { packed: 10 }), all), code('format'))
  await assert.rejects(unzip(forged(TEXT, { crc: 1 }), all), code('format'))
  await assert.rejects(unzip(forged(TEXT, { method: 9 }), all), code('unsupported'))
  await assert.rejects(unzip(forged(TEXT, { method: 0 }), all), code('format'))
})

test('entries that share their bytes count each for itself', async () => {
  const one = Buffer.from(zip([{ path: 'signCert.der', bytes: new Uint8Array(60000).map((_, i) => i * 7) }]))
  const from = one.indexOf('PK\x01\x02', 0, 'latin1')
  const entry = one.subarray(from, one.length - 22)
  const many = (n) => {
    const end = Buffer.from(one.subarray(one.length - 22))
    end.writeUInt16LE(n, 8)
    end.writeUInt16LE(n, 10)
    end.writeUInt32LE(n * entry.length, 12)
    return bytes(Buffer.concat([one.subarray(0, from), ...Array(n).fill(entry), end]))
  }
  assert.equal((await unzip(many(20), all)).length, 20)
  await assert.rejects(unzip(many(200), all), code('too-large'))
  assert.equal((await unzip(many(200), () => false)).length, 0)
  await assert.rejects(unzip(many(MAX_ENTRIES + 1), () => false), code('too-large'))
})

test('a file over the limit is refused, one at the limit is not', async () => {
  const file = (n) => zip([{ path: 'signCert.der', bytes: new Uint8Array(n) }])
  assert.equal((await unzip(file(MAX_FILE), all))[0].bytes.length, MAX_FILE)
  await assert.rejects(unzip(file(MAX_FILE + 1), all), code('too-large'))
})

test('what is no zip is refused', async () => {
  await assert.rejects(unzip(new Uint8Array(), all), code('format'))
  await assert.rejects(unzip(new Uint8Array(100000), all), code('format'))
  await assert.rejects(unzip(new Uint8Array((64 << 20) + 1), all), code('too-large'))
  const good = zip([{ path: 'a', bytes: TEXT }])
  for (let n = 0; n < good.length; n++) await assert.rejects(unzip(good.slice(0, n), all), code(), `cut at ${n}`)
})

test('damaged zips end in an error of ours or in an answer', async () => {
  await damage([forged(TEXT), zip([{ path: NAME, bytes: TEXT }, { path: 'b', bytes: TEXT }])], 1500, (file) => unzip(file, all))
})
