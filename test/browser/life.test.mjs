// A certificate's life after its first day, as its owner lives it: stopped and
// resumed, reissued after a forgotten password, lost, revoked, renewed by the
// browser's wallet. The clock only goes forward: what needs the end of the year
// comes last.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Demo } from './lib/demo.mjs'
import { close, device, launch } from './lib/browser.mjs'
import { Customer, PASSWORD } from './lib/customer.mjs'
import { words } from './lib/words.mjs'

const NEXT = 'An0ther-year-2027!'
const DAY = 86_400_000

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** A customer with a certificate in this browser. */
async function owner(login, options = {}) {
  const context = await device(browser, options)
  const customer = new Customer(await context.newPage(), demo, { login, hand: options.hand })
  await customer.issue()
  return { context, customer, page: customer.page, say: words(options.lang ?? 'ko') }
}

const press = (page, link) => Promise.all([page.waitForNavigation(), page.locator(link).first().click()])
const main = (page) => page.locator('main').innerText()

/** The first card's state, by its class: a word, a colour and a shape. */
const states = async (page) =>
  page.locator('main .cert .badge').evaluateAll((all) => all.map((b) => b.className.replace(/.*badge-/, '')))

/** What the wallet's page shows: the states of its cards, the newest first. */
async function wallet(customer) {
  await customer.go('/wallet')
  await customer.page.locator('ingam-wallet .cert').first().waitFor()
  return customer.page.locator('ingam-wallet .cert .badge').allInnerTexts()
}

/** Tries to log in with the certificate of this browser; where it ends. */
async function certificateLogin(customer, password) {
  const { page } = customer
  await page.context().clearCookies()
  await customer.go('/login')
  await page.locator('ingam-certificate-login form').waitFor()
  await page.locator('ingam-certificate-login input[type=password]').fill(password)
  await page.locator('ingam-certificate-login [type=submit]').click()
  await Promise.race([page.waitForURL((u) => u.pathname === '/'), page.locator('ingam-certificate-login .notice-danger').waitFor()])
  return new URL(page.url()).pathname === '/' ? 'in' : page.locator('ingam-certificate-login .notice-danger').innerText()
}

test('stopped and resumed, on a phone, by keyboard', async () => {
  const { context, customer, page, say } = await owner('hong', { size: 'phone', lang: 'ko', hand: 'keyboard' })
  await customer.go('/certificates')
  assert.deepEqual(await states(page), ['valid'])
  await press(page, 'main a.cert')
  await press(page, 'main a.row[href$="/suspend"]')
  await Promise.all([page.waitForURL(/\/certificates\/[0-9a-f]+$/), customer.press('main .btn-primary:visible')])
  assert.ok((await main(page)).includes(say('notice.suspended')))
  assert.deepEqual(await states(page), ['suspended'])
  assert.notEqual(await certificateLogin(customer, PASSWORD), 'in', 'a suspended one opens no door')

  await demo.forward(1) // another one-time password
  await customer.login()
  for (const [have, advice] of [['no', 'advice.reissue'], ['yes', 'advice.resume']]) {
    await customer.go('/advice')
    await press(page, `main a.way[href$="have=${have}"]`)
    assert.ok((await main(page)).includes(say(advice)))
  }
  await customer.begin('resume')
  await customer.identity()
  await customer.next(/\/done$/)
  assert.ok((await main(page)).includes(say('done.h1.resume')))
  assert.equal(await page.locator('ingam-finish').count(), 0, 'the key is the same')
  assert.equal(await certificateLogin(customer, PASSWORD), 'in')
  await customer.go(`/certificates/${customer.serial}`)
  const history = await page.locator('.history').innerText()
  for (const what of ['event.issued', 'event.suspended', 'event.resumed']) assert.ok(history.includes(say(what)), history)
  await close(context, assert)
})

test('reissued after a forgotten password, on a desktop, as the advisor says', async () => {
  const { context, customer, page, say } = await owner('kim', { size: 'desktop', lang: 'en' })
  await customer.go('/advice')
  assert.ok((await main(page)).includes(say('p.advice.have')))
  await press(page, 'main a.way[href$="have=yes"]')
  assert.ok((await main(page)).includes(say('advice.nothing')))
  await page.goBack()
  await press(page, 'main a.way[href$="have=no"]')
  assert.ok((await main(page)).includes(say('advice.reissue')))
  await press(page, 'main .btn-primary')
  assert.match(page.url(), /\/reissue$/)
  await demo.forward(1)
  await customer.next(/\/terms$/)
  customer.application = /\/apply\/([A-Z2-7]{26})/.exec(page.url())[1]
  await customer.terms()
  await customer.identity()
  await customer.confirm()
  customer.password = NEXT
  await customer.key()
  assert.ok((await main(page)).includes(say('done.h1.reissue')))
  await page.locator('ingam-finish[data-state=here]').waitFor()
  assert.deepEqual(await wallet(customer), [say('el.keep.state.valid'), say('el.keep.state.replaced')])
  assert.equal(await certificateLogin(customer, NEXT), 'in', 'the newest is chosen, under the new password')
  await customer.go('/certificates')
  assert.deepEqual(await states(page), ['valid', 'revoked'])
  await close(context, assert)
})

test('lost: stopped with the emergency code from a browser that knows nobody', async () => {
  const { context, customer, page, say } = await owner('choi', { size: 'phone', lang: 'ko' })
  const code = (await page.locator('.emergency-code').innerText()).replace(/\s+/g, ' ').trim()
  assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4} ?){4}$/)

  const elsewhere = await device(browser, { size: 'phone', lang: 'ko' })
  const stranger = new Customer(await elsewhere.newPage(), demo, {})
  await stranger.go('/')
  await press(stranger.page, 'footer a[href="/lost"]')
  await stranger.fill('[name=code]', '0000 0000 0000 0001')
  await Promise.all([stranger.page.waitForNavigation(), stranger.press('main .btn-primary')])
  assert.ok(await stranger.page.locator('main .notice-danger').count(), 'a wrong one is refused')
  await stranger.fill('[name=code]', ` ${code.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l').replaceAll(' ', '  ')}`)
  await stranger.next(/\/lost\/done$/)
  const told = await main(stranger.page)
  assert.ok(told.includes(say('p.lost-done.h1')), told)
  assert.ok(!told.includes(customer.sample.name), 'it does not say whose they are')

  assert.notEqual(await certificateLogin(customer, PASSWORD), 'in')
  // One step from here to the reissue, once it is known who asks.
  await press(stranger.page, 'main .btn-primary')
  await stranger.fill('[name=loginId]', customer.sample.loginId)
  await stranger.fill('[name=password]', customer.sample.password)
  await Promise.all([stranger.page.waitForURL(/\/certificates$/), stranger.press('form:has([name=loginId]) [type=submit]')])
  assert.deepEqual(await states(stranger.page), ['suspended'])
  await press(stranger.page, 'main .btn-primary')
  assert.match(stranger.page.url(), /\/reissue$/)
  // The phone heard of it.
  await demo.told(customer.sample, /분실/)
  await close(elsewhere, assert)
  await close(context, assert)
})

test('none yet: the advisor leads to an issue', async () => {
  const context = await device(browser, { size: 'phone', lang: 'en' })
  const customer = new Customer(await context.newPage(), demo, { login: 'lee' })
  await customer.login()
  await customer.go('/certificates')
  assert.equal(await customer.page.locator('main .empty .btn-primary').getAttribute('href'), '/apply')
  await customer.go('/advice')
  assert.ok((await main(customer.page)).includes(words('en')('advice.issue')))
  await press(customer.page, 'main .btn-primary')
  assert.equal(new URL(customer.page.url()).pathname, '/apply')
  await close(context, assert)
})

test('revoked for good', async () => {
  const { context, customer, page, say } = await owner('sample', { size: 'phone', lang: 'en' })
  await customer.go('/certificates')
  await press(page, 'main a.cert')
  await press(page, 'main a.row[href$="/revoke"]')
  await page.locator('#reason-cessation').check()
  await demo.forward(1)
  await page.locator('[name=code]').fill('000000')
  await page.locator('#sure').check()
  await press(page, 'main .btn-danger')
  assert.ok(await page.locator('#reason-cessation').isChecked(), 'a wrong password loses nothing')
  await page.locator('[name=code]').fill(await demo.otp(customer.sample))
  await page.locator('#sure').check()
  await press(page, 'main .btn-danger')
  assert.ok((await main(page)).includes(say('notice.revoked')))
  assert.notEqual(await certificateLogin(customer, PASSWORD), 'in')
  await customer.login()
  await customer.go('/advice')
  assert.ok((await main(page)).includes(say('advice.issue')))
  await close(context, assert)
})

const renewals = [
  { login: 'han', size: 'phone', lang: 'ko' }, // a name of 20 letters
  { login: 'nguyen', size: 'desktop', lang: 'en' },
]

test('renewed by the wallet, days before the end', async (t) => {
  const owners = []
  for (const { login, ...options } of renewals) owners.push(await owner(login, options))
  // One of them has it in a file as well.
  const [first] = owners
  await first.customer.go('/wallet')
  const entry = await first.page.locator('ingam-wallet a.cert').first().getAttribute('href')
  await first.customer.go(`/wallet${entry}/export`)
  await first.page.locator('ingam-wallet-export input[name=form][value=pfx]').check()
  await first.page.locator('ingam-wallet-export input[type=password]').fill(PASSWORD)
  const saved = first.page.waitForEvent('download')
  await first.page.locator('ingam-wallet-export [type=submit]').click()
  const file = path.join(demo.folder, 'old.pfx')
  await (await saved).saveAs(file)

  await first.customer.go('/certificates')
  const end = new Date(/(\d+)년 (\d+)월 (\d+)일/.exec(await first.page.locator('main .cert-dates > :last-child').first().innerText()).slice(1).map((n) => n.padStart(2, '0')).join('-') + 'T23:59:59+09:00')
  const now = await demo.forward(new Date(+end - 6.25 * DAY))
  assert.ok(now < end)

  for (const [i, { context, customer, page, say }] of owners.entries()) {
    await t.test(`${renewals[i].lang}, ${renewals[i].size}`, async () => {
      await customer.login()
      await customer.go('/')
      assert.deepEqual(await states(page), ['expiring'], 'the first page says what is best done')
      await customer.go('/advice')
      await press(page, 'main a.way[href$="have=no"]')
      assert.ok((await main(page)).includes(say('advice.reissue-then-renew')))
      await page.goBack()
      await press(page, 'main a.way[href$="have=yes"]')
      assert.ok((await main(page)).includes(say('advice.renew')))
      await press(page, 'main .btn-primary')
      await customer.next(/\/terms$/)
      customer.application = /\/apply\/([A-Z2-7]{26})/.exec(page.url())[1]
      await customer.terms()
      await customer.identity(['account', 'otp', 'phone'])
      await customer.confirm()

      // Whoever has it elsewhere is told so, and brings it in here.
      if (i === 0) await broughtIn(customer, file, say)

      customer.password = NEXT
      await page.locator('ingam-issue[data-state=idle]').waitFor()
      await customer.fill('#old-password', 'Wr0ng-password!')
      await customer.typed()
      await customer.press('ingam-issue .btn-primary:visible')
      await page.locator('ingam-issue .notice-danger').waitFor()
      assert.ok((await page.locator('ingam-issue .notice-danger').innerText()).includes(say('el.renew.old.check')))
      if (i === 1) await cutOff(customer)
      else await customer.key({ old: PASSWORD })
      assert.ok((await main(page)).includes(say('done.h1.renew')))
      await page.locator('ingam-finish[data-state=here]').waitFor()
      assert.deepEqual(await wallet(customer), [say('el.keep.state.valid'), say('el.keep.state.replaced')])
      await customer.go('/certificates')
      assert.deepEqual(await states(page), ['valid', 'revoked'])
      const until = await page.locator('main .cert-dates > :last-child').first().innerText()
      assert.ok(until.includes(String(new Date(+end).getUTCFullYear() + 1)), until)
      assert.equal(await certificateLogin(customer, NEXT), 'in')
      assert.ok(!(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)), 'the page scrolls sideways')
      await close(context, assert)
    })
  }
})

/** In a browser without the certificate: the page says so, and takes it from a file. */
async function broughtIn(customer, file, say) {
  const context = await device(browser, { size: 'phone', lang: 'ko' })
  const there = new Customer(await context.newPage(), demo, { login: customer.sample.loginId })
  await there.login()
  await there.go(`/apply/${customer.application}/key`)
  await there.page.locator('ingam-issue[data-state=missing]').waitFor()
  assert.ok((await main(there.page)).includes(say('el.renew.missing')))
  assert.match(await there.page.locator('ingam-issue a[href$="/reissue"]').getAttribute('href'), /\/certificates\/[0-9a-f]+\/reissue/)
  await there.page.locator('ingam-wallet-add #files').setInputFiles({ name: 'old.pfx', mimeType: 'application/x-pkcs12', buffer: await readFile(file) })
  await there.page.locator('ingam-wallet-add input[type=password]').fill(PASSWORD)
  await there.page.locator('ingam-wallet-add [type=submit]').click()
  await there.page.locator('ingam-issue[data-state=idle] #old-password').waitFor()
  await close(context, assert)
}

/** The bank's answer is lost and the page reloaded: the certificate is there, for the key that was made. */
async function cutOff(customer) {
  const { page } = customer
  const answers = '**/api/v1/applications/*/certificate'
  let lost = 0
  await page.route(answers, async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    lost++
    await route.fetch()
    await route.abort()
  })
  await customer.fill('#old-password', PASSWORD)
  await customer.press('ingam-issue .btn-primary:visible')
  // Asked once more, the bank gives the same: that is lost, too.
  await page.locator('ingam-issue[data-state=failed]').waitFor({ timeout: 60_000 })
  assert.equal(lost, 2)
  await page.unroute(answers)
  await Promise.all([page.waitForURL(/\/done$/), page.reload()])
}

test('over: nothing but a new one', async () => {
  const context = await device(browser, { size: 'desktop', lang: 'ko' })
  const customer = new Customer(await context.newPage(), demo, { login: 'hong' })
  const { page } = customer
  const say = words('ko')
  const at = await demo.forward(7 * 24 * 60)
  assert.ok(at)
  await customer.login()
  await customer.go('/certificates')
  assert.deepEqual(await states(page), ['expired'])
  await customer.go(`/certificates/${(await page.locator('main a.cert').getAttribute('href')).split('/').at(-1)}/renew`)
  assert.ok((await main(page)).includes('2305'), 'the refusal has its number')
  await customer.go('/advice')
  assert.ok((await main(page)).includes(say('advice.issue')))
  await customer.go('/settings/notices')
  const told = await page.locator('section:has(#told)').innerText()
  for (const what of ['told.expired', 'told.reminder', 'told.issued', 'told.suspended', 'told.resumed']) assert.ok(told.includes(say(what)), `${what}: ${told}`)
  await close(context, assert)
})
