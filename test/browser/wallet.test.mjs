// The wallet: a certificate of the field comes in and signs, wrong passwords
// are slowed down in all tabs, nothing needs a network, and what is kept can be
// renamed, re-passworded, taken elsewhere and deleted.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Demo, fixtures, opened, root, run } from './lib/demo.mjs'
import { close, device, launch } from './lib/browser.mjs'
import { Customer, PASSWORD } from './lib/customer.mjs'
import { words } from './lib/words.mjs'

const field = path.join(fixtures, 'npki/yessign-test')
const fieldPassword = 'WTuA8Ev0lWXVFSiI!' // public, see the fixtures' README
const skip = existsSync(field) ? false : `field fixtures are not here: ${field}`

// The same customer as the SDK's vectors have, for what needs no certificate of the field.
const read = async (name) => JSON.parse(await readFile(path.join(root, `sdk/vectors/testdata/${name}.json`), 'utf8'))
let demo, browser, ours, oursPassword
before(async () => {
  demo = await Demo.start()
  const sealed = (await read('key-files')).open.find((f) => f.scheme === 'seed15' && f.key === 'customer' && f.withR)
  const { der } = (await read('certificates')).certificates.find((c) => c.name === 'customer')
  oursPassword = sealed.password
  ours = [path.join(demo.folder, 'signCert.der'), path.join(demo.folder, 'signPri.key')]
  await writeFile(ours[0], Buffer.from(der, 'hex'))
  await writeFile(ours[1], Buffer.from(sealed.file, 'hex'))
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** Brings files into the wallet of a page that shows #/add. */
async function add(page, files, password) {
  await page.goto(new URL('/wallet#/add', demo.portal).href)
  await page.locator('#files').setInputFiles(files)
  await page.locator('ingam-wallet-add input[type=password]').fill(password)
  await page.locator('ingam-wallet-add [type=submit]').click()
  await page.waitForURL(/#\/c\//)
}

test('a key and certificate of the field come in and sign', { skip }, async () => {
  const context = await device(browser)
  const page = await context.newPage()
  await add(page, [path.join(field, 'signCert.der'), path.join(field, 'signPri.key')], fieldPassword)

  // Today it is expired: the page says so and does not sign.
  await page.goto(new URL('/sign', demo.portal).href)
  await page.locator('ingam-sign .notice-danger').waitFor()
  assert.equal(await page.locator('ingam-sign input[type=password]').count(), 0)

  // In March 2020 it was not.
  const then = await context.newPage()
  await then.clock.setFixedTime(new Date('2020-03-10T03:00:00Z'))
  await then.goto(new URL('/sign', demo.portal).href)
  await then.locator('#text').fill('서명할 글 TEST_MSG')
  await then.locator('ingam-sign input[type=password]').fill(fieldPassword)
  const saved = then.waitForEvent('download')
  await then.locator('ingam-sign [type=submit]').click()
  await then.locator('ingam-sign .seal').waitFor()
  await then.locator('ingam-sign .btn-primary').click()
  const file = path.join(await mkdtemp(path.join(demo.folder, 'field-')), 'signed.p7m')
  await (await saved).saveAs(file)
  const { stdout } = await run('openssl', ['cms', '-verify', '-inform', 'DER', '-in', file, '-noverify', '-attime', '1583809200'])
  assert.equal(stdout, '서명할 글 TEST_MSG')
  await close(context, assert)
})

test('a PFX of the field comes in by drag and drop', { skip }, async () => {
  const context = await device(browser, { size: 'phone', lang: 'en' })
  const page = await context.newPage()
  await page.goto(new URL('/wallet#/add', demo.portal).href)
  const bytes = [...(await readFile(path.join(field, 'test.pfx')))]
  const transfer = await page.evaluateHandle((b) => {
    const t = new DataTransfer()
    t.items.add(new File([new Uint8Array(b)], 'test.pfx'))
    return t
  }, bytes)
  await page.locator('.drop').dispatchEvent('drop', { dataTransfer: transfer })
  await page.locator('ingam-wallet-add input[type=password]').fill(fieldPassword)
  await page.locator('ingam-wallet-add [type=submit]').click()
  await page.waitForURL(/#\/c\//)
  await page.locator('ingam-wallet .cert').waitFor()
  await close(context, assert)
})

test('wrong passwords lock the key, in every tab and after a reload', async () => {
  const context = await device(browser)
  const page = await context.newPage()
  await add(page, ours, oursPassword)
  const id = /#\/c\/([^/]+)/.exec(page.url())[1]
  const wrong = async (p, password) => {
    await p.goto(new URL(`/wallet#/c/${id}/export`, demo.portal).href)
    await p.locator('ingam-wallet-export input[type=password]').fill(password)
    await p.locator('ingam-wallet-export [type=submit]').click()
    const notice = p.locator('ingam-wallet-export .notice-danger')
    await notice.waitFor()
    return notice.innerText()
  }
  const other = await context.newPage()
  const said = []
  for (let i = 0; i < 6; i++) {
    const p = i % 2 ? other : page
    await p.goto('about:blank')
    said.push(await wrong(p, `Wrong-password-${i}!`))
  }
  assert.notEqual(said[0], said[5], 'the sixth try is answered like the first')
  // Locked: even the right one waits, in a tab that was not there before.
  const third = await context.newPage()
  const locked = await wrong(third, oursPassword)
  assert.ok(locked.includes(words('ko')('el.w.locked')), locked)
  await close(context, assert)
})

test('without a network the wallet lists, shows, exports and changes a password', async () => {
  const context = await device(browser)
  const page = await context.newPage()
  await add(page, ours, oursPassword)
  // The service worker takes the page in hand at its second visit at the latest.
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await page.reload()
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await context.setOffline(true)
  const offline = await context.newPage()
  await offline.goto(new URL('/wallet', demo.portal).href)
  await offline.locator('ingam-wallet .cert').waitFor()
  await offline.locator('ingam-wallet .cert a, a:has(.cert), .cert').first().click()
  await offline.waitForURL(/#\/c\//)
  const id = /#\/c\/([^/]+)/.exec(offline.url())[1]

  await offline.goto(new URL(`/wallet#/c/${id}/password`, demo.portal).href)
  await offline.locator('ingam-wallet-password input[name=password]').fill(oursPassword)
  for (const input of await offline.locator('ingam-new-password input[type=password]').all()) await input.fill(PASSWORD)
  await offline.locator('ingam-wallet-password [type=submit]').click()
  await offline.waitForURL((u) => u.hash === `#/c/${id}`)

  await offline.goto(new URL(`/wallet#/c/${id}/export`, demo.portal).href)
  await offline.locator('ingam-wallet-export input[name=form][value=pfx]').check()
  await offline.locator('ingam-wallet-export input[type=password]').fill(PASSWORD)
  const saved = offline.waitForEvent('download')
  await offline.locator('ingam-wallet-export [type=submit]').click()
  const file = path.join(demo.folder, 'offline.pfx')
  await (await saved).saveAs(file)
  await writeFile(`${file}.pw`, PASSWORD)
  const { text } = await opened(file, `${file}.pw`)
  assert.match(text, /1\.2\.410\.200004\.10\.1\.1\.3/, 'R is among the key bag’s attributes')
  // Other pages say what is the matter instead of failing blankly.
  await context.setOffline(false)
  await close(context, assert)
})

test('rename and delete, both undone by nobody else’s tab', async () => {
  const context = await device(browser, { size: 'phone' })
  const page = await context.newPage()
  await add(page, ours, oursPassword)
  const id = /#\/c\/([^/]+)/.exec(page.url())[1]
  const other = await context.newPage()
  await other.goto(new URL('/wallet', demo.portal).href)
  await other.locator('ingam-wallet .cert').waitFor()

  const name = '은행에서 쓰는 아주 길고 긴 이름의 인증서'
  await page.goto(new URL(`/wallet#/c/${id}/name`, demo.portal).href)
  await page.locator('ingam-wallet-name input[type=text], ingam-wallet-name input:not([type])').first().fill(name)
  await page.locator('ingam-wallet-name [type=submit]').click()
  await page.waitForURL((u) => u.hash === `#/c/${id}`)
  await other.getByText(name).first().waitFor() // the other tab hears of it

  await page.goto(new URL(`/wallet#/c/${id}/delete`, demo.portal).href)
  for (const box of await page.locator('ingam-wallet-delete input[type=checkbox]').all()) await box.check()
  await page.locator('ingam-wallet-delete .btn-danger').click()
  await page.waitForURL((u) => u.hash === '#/')
  await other.locator('ingam-wallet .empty').waitFor()
  await close(context, assert)
})

test('login with the certificate that this browser got', async () => {
  const context = await device(browser)
  const page = await context.newPage()
  const c = new Customer(page, demo, { login: 'hong' })
  await c.issue()
  await Promise.all([page.waitForNavigation(), page.locator('form[action="/logout"] [type=submit]').first().click()])
  await c.go('/login?next=/certificates')
  await page.locator('ingam-certificate-login input[type=password]').fill(PASSWORD)
  await page.locator('ingam-certificate-login [type=submit]').click()
  await page.waitForURL((u) => u.pathname === '/certificates')
  assert.equal(await page.locator('main .cert').count(), 1)
  await close(context, assert)
})
