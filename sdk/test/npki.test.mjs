// The NPKI folder: found in whatever spelling, written as every program of the
// field finds it.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { encode, unhex } from '../.build/asn1/bytes.js'
import { folderName, isNpkiFile, readNpki, writeNpkiZip } from '../.build/folder/npki.js'
import { unzip, zip } from '../.build/folder/zip.js'
import { openKey } from '../.build/npki/key.js'
import { readCertificate } from '../.build/x509/certificate.js'
import { bytes, code, damage, dice, DIR, field, FIELD_PASSWORD, needs, needsField, openssl, pem, ROOT, run } from './tools.mjs'

const read = (name) => JSON.parse(readFileSync(new URL(`../vectors/testdata/${name}.json`, import.meta.url), 'utf8'))
const certificates = read('certificates').certificates
const der = (name) => unhex(certificates.find((c) => c.name === name).der)
const { dn, certificate, key, km, kmKey } = {
  dn: certificates.find((c) => c.name === 'customer').subject,
  certificate: der('customer'),
  key: unhex(read('key-files').open[0].file),
  km: der('km'),
  kmKey: unhex(read('key-files').open[1].file),
}
const at = (dir, files) => Object.entries(files).map(([name, bytes]) => ({ path: dir + name, bytes }))
const pair = { 'signCert.der': certificate, 'signPri.key': key }
const entry = { ca: 'yessign', dn, certificate, key }

test('a folder is found whatever its spelling', async () => {
  const dir = `NPKI/yessign/USER/${dn}/`
  for (const files of [
    at(dir, pair),
    at(dir.normalize('NFD').replace('USER', 'User'), { 'SignCert.DER': certificate, 'SIGNPRI.KEY': key }),
    at('E:\\NPKI\\yessign\\user\\anything\\', pair),
    at('yessign/USER/x/', { 'signCert.der': encode(pem('CERTIFICATE', certificate)), 'signPri.key': encode('\ufeff' + pem('ENCRYPTED PRIVATE KEY', key)) }),
    [...at(dir, pair), ...at(dir, { CaPubs: km, 'note.txt': encode('x'), 'kmCert.der': km })],
  ])
    assert.deepEqual(await readNpki(files), [entry])
})

test('without a folder the issuer names the CA', async () => {
  for (const dir of ['', 'cn=x/', 'a/b/c/']) assert.deepEqual(await readNpki(at(dir, pair)), [{ ...entry, ca: 'ingam' }])
})

test('the pair for encryption comes along when both are good', async () => {
  const files = (more) => at('yessign/USER/x/', { ...pair, ...more })
  const both = { kmCertificate: km, kmKey }
  assert.deepEqual(await readNpki(files({ 'kmCert.der': km, 'kmPri.key': kmKey })), [{ ...entry, ...both }])
  assert.deepEqual(await readNpki(files({ 'kmCert.der': encode('x'), 'kmPri.key': kmKey })), [entry])
})

test('several, in folders and zips; what is damaged keeps none from being found', async () => {
  const packed = zip(at(`USER/${dn}/`, pair))
  const found = await readNpki([
    ...at('a/USER/1/', pair),
    ...at('a/USER/2/', { 'signCert.der': encode('x'), 'signPri.key': key }),
    ...at('a/USER/3/', { 'signCert.der': certificate }),
    ...at('a/USER/4/', { 'signCert.der': certificate, 'signPri.key': new Uint8Array(100000) }),
    { path: 'one.zip', bytes: packed },
    { path: 'two.zip', bytes: zip(at('b/USER/x/', pair)) },
    { path: 'broken.zip', bytes: packed.slice(0, 900) },
  ])
  assert.deepEqual(found.map((e) => e.ca), ['a', 'ingam', 'b'])
  assert.deepEqual(await readNpki([]), [])
  assert.deepEqual(await readNpki(at('', { 'signCert.der': certificate })), [])
  await assert.rejects(readNpki([{ path: 'broken.zip', bytes: packed.slice(0, 900) }]), code('format'))
  await assert.rejects(readNpki(at('', { ...pair, 'signCert.der': encode('x') })), code('format'))
  await assert.rejects(readNpki(at('', { ...pair, 'signPri.key': new Uint8Array(100000) })), code('too-large'))
  // One's certificate never meets the other's key.
  assert.deepEqual(await readNpki([...at('a/', { 'signCert.der': certificate }), { path: 'z', bytes: zip(at('a/', { 'signPri.key': key })) }]), [])
})

test('which files count', () => {
  for (const good of ['signCert.der', 'a/b/SIGNPRI.KEY', 'kmCert.der', 'x/kmPri.key']) assert.ok(isNpkiFile(good), good)
  for (const other of ['CaPubs', 'signCert.der.bak', 'mysignCert.der', 'signCert.der/x', 'sign.der']) assert.ok(!isNpkiFile(other), other)
})

test("the field's folder, packed and unpacked, opens with R", needsField, async () => {
  const files = at('NPKI/yessign/USER/x/', { 'signCert.der': field('signCert.der'), 'signPri.key': field('signPri.key') })
  const [found] = await readNpki(files)
  assert.equal(found.dn, 'cn=HKD(KILDONG.HONG)009104120200225191000030,ou=INITECH,ou=personal4IB,o=yessign,c=kr')
  const packed = writeNpkiZip(found)
  assert.deepEqual(await readNpki([{ path: 'npki.zip', bytes: packed }]), [found])
  assert.equal((await openKey(found.key, FIELD_PASSWORD)).r.length, 20)
})

test('what is written', async () => {
  const files = await unzip(writeNpkiZip({ ...entry, kmCertificate: km, kmKey }), () => true)
  assert.deepEqual(
    files.map((f) => f.path),
    ['signCert.der', 'signPri.key', 'kmCert.der', 'kmPri.key'].map((f) => `NPKI/yessign/USER/${dn}/${f}`),
  )
  assert.deepEqual(files.map((f) => f.bytes), [certificate, key, km, kmKey])
  const ca = async (name) => (await unzip(writeNpkiZip({ ...entry, ca: name }), () => true))[0].path.split('/')[1]
  for (const [name, want] of [['', 'ingam'], ['../..', '_____'], ['a/b\\c', 'a_b_c'], ['가'.repeat(40), '가'.repeat(21)], ['금융결제원', '금융결제원'.normalize('NFD')].map((s) => s.normalize('NFC'))])
    assert.equal(await ca(name), want)
  assert.throws(() => writeNpkiZip({ ...entry, certificate: key }), code('format'))
})

const NAMES = [
  '홍길동()008104120261122191000001', '../../../evil', '..', 'a/b', 'a\\b', '/etc/passwd', 'C:\\x', 'a\nb', 'a:b', 'a*?<>|"b', 'a,b+c;d#e',
  ' x ', '\u202egnp.exe', '\u200b', 'a'.repeat(300), '가'.repeat(100), '가'.repeat(99) + 'ab', 'x.', 'x ', 'con', '홍길동'.normalize('NFD'), '\ue000', '😀'.repeat(80),
]

/** A certificate with a subject of a person's own making. */
function named(cn, n, more) {
  writeFileSync(join(DIR, 'req.cnf'), '[req]\ndistinguished_name=dn\n[dn]\n')
  const escaped = cn.replace(/[\\/+=]/g, '\\$&')
  return bytes(openssl(['req', '-x509', '-config', 'req.cnf', '-utf8', '-newkey', 'rsa:1024', '-nodes', '-keyout', 'n.key', '-set_serial', String(n + 1), '-subj', `/C=kr/O=ingam/OU=personal4IB${more}/CN=${escaped}`, '-outform', 'DER']))
}

const JUDGE = `package main

import (
	"archive/zip"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/ingam-pki/ingam/pki/npki/folder"
)

func must[T any](v T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return v
}

// Unpacks zips with Go's reader, lists what is in them as the command line
// does, and says where it would have put the same.
func main() {
	root := must(os.MkdirTemp("", "ingam-judge-"))
	defer os.RemoveAll(root)
	for i, name := range os.Args[1:] {
		z := must(zip.OpenReader(name))
		out := filepath.Join(root, fmt.Sprint(i))
		for _, f := range z.File {
			if !filepath.IsLocal(f.Name) || f.NonUTF8 || strings.Contains(f.Name, "\\\\") {
				must(0, fmt.Errorf("name %q", f.Name))
			}
			r := must(f.Open())
			b := must(io.ReadAll(r))
			path := filepath.Join(out, f.Name)
			must(0, os.MkdirAll(filepath.Dir(path), 0o700))
			must(0, os.WriteFile(path, b, f.Mode()))
		}
		entries, errs := folder.List(filepath.Join(out, "NPKI"))
		if len(errs) > 0 || len(entries) != 1 {
			must(0, fmt.Errorf("%s: %d entries, %v", name, len(entries), errs))
		}
		e := entries[0]
		again := must(folder.Write(filepath.Join(out, "again"), e.CA, e.CertDER, e.KeyDER, folder.Options{}))
		if filepath.Base(again) != filepath.Base(e.Dir) || !bytes.Equal(e.CertDER, e.Certificate.Raw) {
			must(0, fmt.Errorf("%s: is in %q, Go has it in %q", name, filepath.Base(e.Dir), filepath.Base(again)))
		}
		fmt.Println(e.CA, hex.EncodeToString([]byte(e.DN)))
	}
}
`

test('Go lists ours, and would have named the folders the same', needs('go', 'openssl'), () => {
  mkdirSync(join(DIR, 'judge'), { recursive: true })
  writeFileSync(join(DIR, 'judge/main.go'), JUDGE)
  const made = NAMES.map((cn, n) => {
    // A common name has at most 64 characters; a name can be long by its other parts.
    const long = cn.length > 64 ? ('/OU=' + cn.slice(0, 60)).repeat(5) : ''
    return readCertificate(named(cn.slice(0, 64), n, long))
  })
  const zips = made.map((cert, n) => {
    writeFileSync(join(DIR, `n${n}.zip`), writeNpkiZip({ ca: 'ingam', certificate: cert.der, key }))
    return join(DIR, `n${n}.zip`)
  })
  const out = run('go', ['run', join(DIR, 'judge/main.go'), ...zips], { cwd: ROOT }).toString().trim().split('\n')
  assert.deepEqual(out, made.map((cert) => `ingam ${Buffer.from(cert.subject.normalize()).toString('hex')}`))
})

test('a folder name fits every file system', () => {
  const subject = (cn) => ({ subjectName: [{ type: '2.5.4.6', value: 'kr' }, { type: '2.5.4.3', value: cn }], rawSubject: encode(cn) })
  const seen = new Set()
  for (const cn of NAMES) {
    const name = folderName(subject(cn))
    assert.ok(Buffer.byteLength(name) <= 255 && name.startsWith('cn='), name)
    assert.doesNotMatch(name, /[/\\:*?"<>|\n\u202e\u200b]/)
    assert.ok(!seen.has(name), name)
    seen.add(name)
  }
  assert.equal(folderName(subject(NAMES[0])), `cn=${NAMES[0]},c=kr`)
  assert.throws(() => folderName({ subjectName: [], rawSubject: encode('') }), code('format'))
})

test('damaged files end in an error of ours or in an answer', async () => {
  const roll = dice(5)
  await damage([certificate, key, writeNpkiZip(entry)], 300, async (file) => {
    await readNpki(roll(2) ? [{ path: 'x.zip', bytes: file }] : at('', { 'signCert.der': certificate, 'signPri.key': key, [['signCert.der', 'signPri.key'][roll(2)]]: file }))
  })
})

test("Go's vectors", async (t) => {
  const keyFile = (name) => unhex(read('key-files').open.find((v) => v.name === name).file)
  const content = (f) => {
    const [label, data] = f.certificate ? ['CERTIFICATE', der(f.certificate)] : f.keyFile ? ['ENCRYPTED PRIVATE KEY', keyFile(f.keyFile)] : ['', encode(f.text)]
    return f.pem ? encode(pem(label, data)) : data
  }
  for (const v of read('folders'))
    await t.test(v.name, async () => {
      const files = v.files.map((f) => ({ path: f.path, bytes: content(f) }))
      const want = v.entries.map((e) => ({
        ca: e.ca,
        dn: e.dn,
        certificate: der(e.certificate),
        key: keyFile(e.keyFile),
        ...(e.kmCertificate && { kmCertificate: der(e.kmCertificate), kmKey: keyFile(e.kmKeyFile) }),
      }))
      const sorted = (list) => list.sort((a, b) => (a.dn < b.dn ? -1 : 1))
      assert.deepEqual(sorted(await readNpki(files)), sorted(want))
      if (!v.zip) return
      assert.deepEqual(await readNpki([{ path: 'go.zip', bytes: unhex(v.zip) }]), want)
      const ours = await unzip(writeNpkiZip(want[0]), () => true)
      assert.deepEqual(ours.map((f) => f.path).sort(), v.files.map((f) => f.path).sort())
    })
})
