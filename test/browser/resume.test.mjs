// Leaving and coming back: another device, two tabs, a server that dies and
// comes again, the back button.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { Demo } from './lib/demo.mjs'
import { close, device, launch } from './lib/browser.mjs'
import { Customer, PASSWORD } from './lib/customer.mjs'

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

test('an issue that was left is taken up on another device', async () => {
  const pc = await device(browser, { size: 'desktop' })
  const first = new Customer(await pc.newPage(), demo, { login: 'hong' })
  await first.login()
  await first.apply()
  await first.terms()
  await first.idCard()
  await Promise.all([first.page.waitForNavigation(), first.press('main .btn-primary:visible')])
  await first.noProblem()
  await close(pc, assert)

  const phone = await device(browser, { size: 'phone', lang: 'en' })
  const second = new Customer(await phone.newPage(), demo, { login: 'hong' })
  await second.login()
  await second.go('/apply')
  await Promise.all([second.page.waitForURL(/\/apply\/[A-Z2-7]{26}\//), second.press(`main a[href^="/apply/${first.application}"]`)])
  second.application = first.application
  for (const factor of ['account', 'otp', 'phone']) {
    await second[factor]()
    await Promise.all([second.page.waitForNavigation(), second.press('main .btn-primary:visible')])
    await second.noProblem()
  }
  await second.confirm()
  await second.key()
  await close(phone, assert)
})

test('two tabs go through one application without an error page', async () => {
  const context = await device(browser)
  const a = new Customer(await context.newPage(), demo, { login: 'kim' })
  await a.login()
  await a.apply()
  const b = new Customer(await context.newPage(), demo, { login: 'kim' })
  b.application = a.application
  await b.go(`/apply/${a.application}/terms`)
  await a.terms()
  await b.terms() // the same, once more: led on, not refused
  await a.account()
  await b.account()
  for (const c of [a, b]) {
    await Promise.all([c.page.waitForNavigation(), c.press('main .btn-primary:visible')])
    await c.noProblem()
  }
  for (const factor of ['idCard', 'otp', 'phone']) {
    await b[factor]()
    await Promise.all([b.page.waitForNavigation(), b.press('main .btn-primary:visible')])
    await b.noProblem()
  }
  await a.go(`/apply/${a.application}`)
  assert.match(a.page.url(), /\/confirm$/)
  await a.confirm()
  await b.go(`/apply/${a.application}/key`)
  // Both make the key at once: one certificate, and both tabs end well.
  await Promise.all([a.typed(), b.typed()])
  await Promise.all([a.press('ingam-issue .btn-primary:visible'), b.press('ingam-issue .btn-primary:visible')])
  await Promise.all([a, b].map((c) => c.page.waitForURL(/\/done$/, { timeout: 60_000 })))
  await a.go('/wallet')
  await a.page.locator('ingam-wallet .cert').first().waitFor()
  assert.equal(await a.page.locator('ingam-wallet .cert').count(), 1)
  await close(context, assert)
})

test('the bank is killed while the certificate is fetched, and comes back', async () => {
  const context = await device(browser)
  const c = new Customer(await context.newPage(), demo, { login: 'sample' })
  await c.ready()
  // The request goes out, and nobody answers any more.
  await c.page.route('**/certificate', async (route) => {
    await demo.kill()
    await route.continue()
  }, { times: 1 })
  await c.press('ingam-issue .btn-primary:visible')
  const failed = c.page.locator('ingam-issue[data-state=failed]')
  await failed.waitFor({ timeout: 60_000 })
  await demo.restart()
  await failed.locator('.notice button').first().click()
  await c.page.waitForURL(/\/done$|\/login/, { timeout: 60_000 })
  assert.match(c.page.url(), /\/done$/, 'the session outlives the bank')

  // And once more with a page that was reloaded in between: the key waits, sealed.
  await c.go('/wallet')
  await c.page.locator('ingam-wallet .cert').first().waitFor()
  assert.equal(await c.page.locator('ingam-wallet .cert').count(), 1)
  await close(context, assert)
})

test('a page that is reloaded before the answer goes on with the same key', async () => {
  const context = await device(browser)
  const c = new Customer(await context.newPage(), demo, { login: 'nguyen' })
  await c.ready()
  // The bank issues, but its answer is lost.
  const issued = new Promise((resolve) => {
    void c.page.route('**/certificate', async (route) => {
      await route.fetch()
      resolve()
      await route.abort('connectionreset')
    })
  })
  await c.press('ingam-issue .btn-primary:visible')
  await issued
  await c.page.unrouteAll({ behavior: 'ignoreErrors' })
  await c.page.reload()
  await c.page.waitForFunction(() => location.pathname.endsWith('/done') || document.querySelector('ingam-issue[data-state=resume]') || document.querySelector('ingam-issue[data-state=done]'))
  if (!c.page.url().endsWith('/done')) {
    await c.page.locator('#issue-password').fill(PASSWORD)
    await c.press('ingam-issue .btn-primary:visible')
    await c.page.waitForURL(/\/done$/, { timeout: 60_000 })
  }
  await c.page.locator('ingam-finish[data-state=here]').waitFor()
  await c.go('/wallet')
  await c.page.locator('ingam-wallet .cert').first().waitFor()
  assert.equal(await c.page.locator('ingam-wallet .cert').count(), 1)
  await close(context, assert)
})

test('back, and the same form once more, lose and repeat nothing', async () => {
  const context = await device(browser, { size: 'phone' })
  const c = new Customer(await context.newPage(), demo, { login: 'choi' })
  await c.login()
  await c.apply()
  await c.terms()
  await c.account()
  await Promise.all([c.page.waitForNavigation(), c.press('main .btn-primary:visible')])
  await c.noProblem()
  await c.page.goBack()
  await c.page.goBack()
  await c.go(`/apply/${c.application}/account`)
  await c.noProblem()
  await c.go(`/apply/${c.application}`)
  await c.noProblem()
  assert.match(c.page.url(), /\/(identity|id-card|otp|phone)$/)
  await close(context, assert)
})
