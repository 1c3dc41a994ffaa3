// A stage for the built wallet: a server on the loopback with the policies that
// a bank's page has, Debian's Chromium, and a small CA made by OpenSSL.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

export const PASSWORD = 'Tr1al&Error-9'
export const OTHER = 'An0ther#Word'

const built = new URL('../../dist/ingam-wallet.js', import.meta.url)
const CSP = [
  "default-src 'none'", "script-src 'self'", "connect-src 'self'", "worker-src 'self'",
  "require-trusted-types-for 'script'", 'trusted-types ingam-wallet',
].join('; ')

/** Serves a page that imports the wallet and does nothing else. */
export async function serve() {
  const page = '<!doctype html><title>stage</title><input type="file" multiple><input id="folder" type="file" webkitdirectory><script type="module" src="/page.js"></script>'
  const script = "import * as sdk from '/ingam-wallet.js'; globalThis.sdk = sdk"
  const files = { '/': ['text/html', page], '/page.js': ['text/javascript', script] }
  const server = createServer((request, response) => {
    const [type, body] = files[request.url] ?? (request.url === '/ingam-wallet.js' ? ['text/javascript', readFileSync(built)] : [])
    if (!type) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': type + '; charset=utf-8', 'content-security-policy': CSP }).end(body)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() }
}

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })

/** A tab with the wallet loaded; errors of its scripts end up in `errors`. */
export async function tab(context, url, errors = []) {
  const page = await context.newPage()
  page.on('pageerror', (e) => errors.push(String(e)))
  page.on('console', (m) => m.type() === 'error' && !/404/.test(m.text()) && errors.push(m.text()))
  await page.goto(url)
  await page.waitForFunction(() => globalThis.sdk)
  await page.evaluate(async () => {
    globalThis.wallet = await sdk.Wallet.open()
    globalThis.bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
    globalThis.text = (b) => btoa(Array.from(b, (c) => String.fromCharCode(c)).join(''))
    // An error as what can leave the page.
    globalThis.caught = (work) => work.then(() => 'nothing', (e) => ({ code: e.code, left: e.detail?.left, rest: e.detail?.until && Math.round((e.detail.until - Date.now()) / 1000), problems: e.detail?.problems, wallet: e instanceof sdk.WalletError }))
  })
  return page
}

/** A CA in a folder of its own, worked by OpenSSL. */
export class Authority {
  dir = mkdtempSync(join(tmpdir(), 'ingam-sdk-'))
  run = (...args) => execFileSync('openssl', args, { cwd: this.dir, stdio: ['ignore', 'pipe', 'pipe'] })
  file = (name) => join(this.dir, name)
  read = (name) => readFileSync(this.file(name))
  write = (name, bytes) => (writeFileSync(this.file(name), bytes), name)

  constructor() {
    for (const [name, cn] of [['ca', 'Stage CA'], ['km', 'Stage Key Management']]) {
      this.run('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', `/C=kr/O=stage/CN=${cn}`, '-keyout', name + '.key', '-out', name + '.pem')
      this.run('x509', '-in', name + '.pem', '-outform', 'DER', '-out', name + '.der')
    }
  }

  km = () => this.read('km.der').toString('base64')
  ca = () => this.read('ca.der').toString('base64')

  /** Checks the request as a CA does and gives a certificate for its key. */
  certify(request, cn = '홍길동()000000020261122000001') {
    this.write('request.der', Buffer.from(request, 'base64'))
    this.run('req', '-inform', 'DER', '-in', 'request.der', '-verify', '-noout')
    this.write('public.pem', this.run('req', '-inform', 'DER', '-in', 'request.der', '-pubkey', '-noout'))
    this.write('extensions', 'keyUsage=critical,digitalSignature,nonRepudiation\nsubjectKeyIdentifier=hash\n')
    this.run('req', '-new', '-key', 'ca.key', '-utf8', '-subj', `/C=kr/O=stage/OU=personal/CN=${cn}`, '-out', 'subject.pem')
    this.run('x509', '-req', '-in', 'subject.pem', '-force_pubkey', 'public.pem', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', `0x${Date.now().toString(16)}`, '-days', '20', '-extfile', 'extensions', '-outform', 'DER', '-out', 'user.der')
    return this.read('user.der').toString('base64')
  }

  close = () => rmSync(this.dir, { recursive: true, force: true })
}

/** The field's own files, which a clone of the project has not got. */
export function fixture() {
  const dir = new URL('../../../../shared/fixtures/npki/yessign-test/', import.meta.url)
  if (!existsSync(dir)) return undefined
  const read = (name) => readFileSync(new URL(name, dir)).toString('base64')
  return { dir: dir.pathname, password: 'WTuA8Ev0lWXVFSiI!', certificate: read('signCert.der'), key: read('signPri.key'), pfx: read('test.pfx') }
}
