// Leaving before the end: the certificate is issued, its answer is lost, the
// customer is elsewhere. The wallet knows, and leads back.
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

/** At the page where the key is made, password typed. */
async function ready(context, login) {
  const c = new Customer(await context.newPage(), demo, { login })
  await c.login()
  await c.apply()
  await c.terms()
  await c.identity()
  await c.confirm()
  await c.page.locator('ingam-issue[data-state=idle]').waitFor()
  for (const field of await c.page.locator('ingam-new-password input[type=password]').all()) await field.fill(PASSWORD)
  return c
}

test('the answer is lost and the page left: the wallet leads back, and it is there', async () => {
  const context = await device(browser, { size: 'phone' })
  const c = await ready(context, 'hong')
  // The bank issues; what it says reaches nobody, for the page is closed.
  const issued = new Promise((resolve) => {
    c.page.route('**/api/v1/applications/*/certificate', async (route) => {
      await route.fetch()
      resolve()
      await new Promise(() => undefined)
    }, { times: 1 })
  })
  await c.press('ingam-issue .btn-primary:visible')
  await issued
  await c.page.close({ runBeforeUnload: false })

  const page = await context.newPage()
  const later = Object.assign(new Customer(page, demo, { login: 'hong' }), { application: c.application })
  await later.go('/wallet')
  await page.locator('#unfinished').waitFor()
  assert.equal(await page.locator('.empty').count(), 0, 'nobody is told that there is nothing')
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true)
  await page.locator('#unfinished .btn-secondary').click()
  await page.waitForURL(/\/done$/)
  await page.locator('ingam-finish[data-state=here]').waitFor()
  // Who has just been issued one has the wallet without a network, too.
  await page.waitForFunction(async () => (await caches.keys()).length > 0)
  await page.waitForFunction(() => navigator.serviceWorker.controller)
  await context.setOffline(true)
  await later.go('/wallet')
  await page.locator('ingam-wallet .cert').waitFor()
  assert.equal(await page.locator('#unfinished').count(), 0)
  await context.setOffline(false)
  await close(context, assert)
})

test('a key that nobody wants is discarded, once one is sure', async () => {
  const context = await device(browser, { lang: 'en' })
  const c = await ready(context, 'kim')
  await c.page.route('**/api/v1/applications/*/certificate', (route) => route.abort())
  await c.press('ingam-issue .btn-primary:visible')
  await c.page.locator('ingam-issue[data-state=failed]').waitFor({ timeout: 60_000 })
  await c.go('/wallet')
  await c.page.locator('#unfinished .btn-quiet').click()
  await c.page.locator('ingam-wallet-discard h2').waitFor()
  await c.press('ingam-wallet-discard [type=submit]')
  assert.match(c.page.url(), /#\/u\//, 'not without being sure')
  await c.tick('ingam-wallet-discard [name=sure]')
  await c.press('ingam-wallet-discard [type=submit]')
  await c.page.locator('.notice-success').waitFor()
  assert.equal(await c.page.locator('#unfinished').count(), 0)
  // The application is as it was, and makes a new key.
  await c.page.unroute('**/api/v1/applications/*/certificate')
  await c.go(`/apply/${c.application}`)
  await c.key()
  await close(context, assert)
})
