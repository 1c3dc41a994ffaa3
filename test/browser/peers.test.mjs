// What the browser made is judged by programs that others wrote, and by ours;
// what Go made opens in the browser.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Demo, ingam, opened, root, run } from './lib/demo.mjs'
import { close, device, launch } from './lib/browser.mjs'
import { Customer, PASSWORD } from './lib/customer.mjs'

const jars = ['bcprov', 'bcpkix', 'bcutil'].map((j) => `/usr/share/java/${j}.jar`).join(':')

let demo, browser, work, passwordFile, idnFile
before(async () => {
  demo = await Demo.start()
  browser = await launch()
  work = path.join(demo.folder, 'peers')
  await mkdir(work)
  passwordFile = path.join(work, 'password')
  idnFile = path.join(work, 'idn')
  await writeFile(passwordFile, PASSWORD)
  await writeFile(idnFile, demo.sample('hong').identityNumber)
  await run('javac', ['-d', work, '-cp', jars, path.join(root, 'test/peers/Peer.java')])
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

const bouncy = (...args) => run('java', ['-cp', `${jars}:${work}`, 'Peer', ...args])

/** Takes a certificate out of the wallet in one form. */
async function exported(page, id, form, password = PASSWORD) {
  await page.goto('about:blank')
  await page.goto(new URL(`/wallet#/c/${id}/export`, demo.portal).href)
  await page.locator(`ingam-wallet-export input[name=form][value=${form}]`).check()
  await page.locator('ingam-wallet-export input[type=password]').fill(password)
  const saved = page.waitForEvent('download')
  await page.locator('ingam-wallet-export [type=submit]').click()
  const file = path.join(work, `${form}.${form.includes('zip') ? 'zip' : 'pfx'}`)
  await (await saved).saveAs(file)
  return file
}

/** The one folder with a key below another. */
async function keyFolder(dir) {
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (entry.name === 'signPri.key') return entry.parentPath ?? entry.path
  }
  throw new Error(`no signPri.key below ${dir}`)
}

test('zip, PFX and signatures hold before ingam, OpenSSL and Bouncy Castle', async () => {
  const context = await device(browser)
  const page = await context.newPage()
  await new Customer(page, demo, { login: 'hong' }).issue()
  await page.goto(new URL('/wallet', demo.portal).href)
  await page.locator('ingam-wallet .cert').waitFor()
  const id = await page.evaluate(() => /#\/c\/([^/"]+)/.exec(document.querySelector('ingam-wallet').innerHTML)[1])

  for (const form of ['zip', 'old-zip']) {
    const file = await exported(page, id, form)
    const dir = path.join(work, form)
    await run('unzip', ['-q', file, '-d', dir])
    const folder = await keyFolder(dir)
    const list = JSON.parse((await ingam('list', '--npki', path.join(dir, 'NPKI'), '--json')).stdout)
    assert.equal(list.certificates.length, 1)
    const text = path.join(work, `text-${form}`)
    await writeFile(text, `signed with the ${form}`)
    await ingam('sign', '--cert', folder, '--password-file', passwordFile, '--in', text, '--out', `${text}.p7`)
    await ingam('verify', '--in', `${text}.p7`, '--root', demo.root, '--ocsp')
    const { stdout } = await bouncy('key', folder, passwordFile, idnFile)
    assert.match(stdout, /R of 20 bytes gives the VID/)
  }

  const pfx = await exported(page, id, 'pfx')
  assert.ok((await opened(pfx, passwordFile)).key.length > 1000)
  assert.match((await bouncy('pfx', pfx, passwordFile, idnFile)).stdout, /R in the key bag gives the VID/)

  // Signatures, attached and detached.
  const issuing = path.join(work, 'issuing.pem')
  const der = Buffer.from(await (await fetch(`${demo.url}/ca/issuing.cer`)).arrayBuffer())
  await writeFile(`${issuing}.der`, der)
  await run('openssl', ['x509', '-inform', 'DER', '-in', `${issuing}.der`, '-out', issuing])
  const signer = path.join(await keyFolder(path.join(work, 'zip')), 'signCert.der')
  const { stdout: policies } = await run('openssl', ['x509', '-inform', 'DER', '-in', signer, '-noout', '-ext', 'certificatePolicies'])
  const policy = /Policy: ([0-9.]+)/.exec(policies)[1]
  const content = path.join(work, 'contract.txt')
  await writeFile(content, '계약서: 가나다 1,000,000원')
  for (const detached of [false, true]) {
    await page.goto('about:blank')
    await page.goto(new URL('/sign', demo.portal).href)
    await page.locator('input[name=source][value=file]').check()
    await page.locator('#file').setInputFiles(content)
    if (detached) await page.locator('input[name=detached]').check()
    await page.locator('ingam-sign input[type=password]').fill(PASSWORD)
    await page.locator('ingam-sign [type=submit]').click()
    await page.locator('ingam-sign .seal').waitFor()
    const saved = page.waitForEvent('download')
    await page.locator('ingam-sign .btn-primary').click()
    const file = path.join(work, detached ? 'detached.p7s' : 'attached.p7m')
    await (await saved).saveAs(file)
    const more = detached ? ['-content', content] : []
    const { stdout } = await run('openssl', ['cms', '-verify', '-binary', '-inform', 'DER', '-in', file, ...more, '-CAfile', demo.root, '-certfile', issuing, '-purpose', 'any', '-policy', policy, '-policy_check', '-explicit_policy'])
    assert.equal(stdout, await readFile(content, 'utf8'))
    assert.match((await bouncy('cms', file, signer, content)).stdout, /signature verifies/)
    await ingam('verify', '--in', file, ...(detached ? ['--content', content] : []), '--root', demo.root, '--ocsp')

    // And the portal's own page.
    await page.goto(new URL('/verify', demo.portal).href)
    await page.locator('input[type=file][name=signature]').setInputFiles(file)
    if (detached) await page.locator('input[type=file][name=content]').setInputFiles(content)
    await Promise.all([page.waitForNavigation(), page.locator('main .btn-primary').click()])
    await page.locator('main .seal, main .notice-success').first().waitFor()
  }
  await close(context, assert)
})

test('what Go made opens in the browser', async () => {
  const other = await Demo.start()
  try {
    const npki = path.join(work, 'go-npki')
    await mkdir(npki)
    const answers = path.join(other.data, 'samples/hong.json')
    await ingam('issue', '--server', other.url, '--login', 'hong', '--answers', answers, '--out', npki)
    const password = JSON.parse(await readFile(answers, 'utf8')).keyPassword
    const context = await device(browser)
    const page = await context.newPage()
    await page.goto(new URL('/wallet#/add', demo.portal).href)
    await page.locator('#folder').setInputFiles(npki)
    await page.locator('ingam-wallet-add input[type=password]').fill(password)
    await page.locator('ingam-wallet-add [type=submit]').click()
    await page.waitForURL(/#\/c\//)
    const id = /#\/c\/([^/]+)/.exec(page.url())[1]
    // R came along: what leaves again gives the VID.
    await writeFile(passwordFile, password)
    const pfx = await exported(page, id, 'pfx', password)
    assert.match((await bouncy('pfx', pfx, passwordFile, idnFile)).stdout, /gives the VID/)
    await close(context, assert)
  } finally {
    await other.stop()
  }
})
