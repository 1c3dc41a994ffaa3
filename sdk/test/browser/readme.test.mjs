// The README's example, as one would paste it, against a small bank.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { Authority, fixture, launch, PASSWORD } from './stage.mjs'

const CONTENT = 'Log in to Stage Bank, 2026-11-22T09:00:00Z, nonce 4711'
let server, browser, authority, page, proof

const answers = {
  'POST /api/v1/applications/a1/key-request': () => ({ challenge: 'c', kmCertificate: authority.km(), minBits: 2048, ca: 'stage' }),
  'POST /api/v1/applications/a1/certificate': ({ csr }) => ({ certificate: authority.certify(csr), chain: [authority.ca()] }),
  'POST /api/v1/session/challenge': () => ({ content: CONTENT, expiresAt: '2026-11-22T09:05:00Z' }),
  'POST /api/v1/session/certificate': ({ signature }) => {
    authority.write('login.p7', Buffer.from(signature, 'base64'))
    proof = authority.run('cms', '-verify', '-binary', '-inform', 'DER', '-in', 'login.p7', '-CAfile', 'ca.pem', '-purpose', 'any').toString()
    return { subscriber: { name: '홍길동' } }
  },
}

before(async () => {
  authority = new Authority()
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const block = (kind) => new RegExp('```' + kind + '\\n([^]*?)```').exec(readme)[1]
  const files = {
    '/': ['text/html', block('html')],
    '/page.js': ['text/javascript', block('js')],
    '/ingam-wallet.js': ['text/javascript', readFileSync(new URL('../../dist/ingam-wallet.js', import.meta.url))],
  }
  server = createServer(async (request, response) => {
    const [type, body] = files[request.url] ?? []
    if (type) return response.writeHead(200, { 'content-type': type + '; charset=utf-8' }).end(body)
    let text = ''
    for await (const part of request) text += part
    const answer = answers[`${request.method} ${request.url}`]
    if (!answer) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer(JSON.parse(text))))
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  browser = await launch()
  page = await browser.newPage()
  page.on('dialog', (dialog) => dialog.accept('a1'))
  await page.goto(`http://127.0.0.1:${server.address().port}/`)
})
after(async () => {
  await browser?.close()
  server?.close()
  authority?.close()
})

const press = async (name, want) => {
  await page.getByRole('button', { name }).click()
  await page.waitForFunction((want) => new RegExp(want).test(document.getElementById('out').textContent), want.source)
}

test('make a key and get a certificate', async () => {
  await page.fill('#password', 'short')
  await press('Get a certificate', /^password .*short/)
  await page.fill('#password', PASSWORD)
  await press('Get a certificate', /^Issued: cn=홍길동/)
})

test('log in with it', async () => {
  await press('Log in', /^Logged in as 홍길동/)
  assert.equal(proof, CONTENT)
})

test('import a folder', { skip: !fixture() && 'field fixtures are not here' }, async () => {
  await page.setInputFiles('#folder', fixture().dir)
  await page.fill('#password', 'Wr0ng&wrong')
  await press('Import', /^wrong-password/)
  await page.fill('#password', fixture().password)
  await press('Import', /until 2020-03-25/)
})
