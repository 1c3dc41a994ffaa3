// The end of a session that nothing is done in: the warning, going on in all
// tabs, the end, and coming back to the step. The pages' clock is turned by
// hand; the bank's own runs on.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { Demo } from './lib/demo.mjs'
import { close, device, launch } from './lib/browser.mjs'
import { Customer } from './lib/customer.mjs'
import { words } from './lib/words.mjs'

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

const IDLE = 600_000 // the bank's, in milliseconds; the pages say it too
const WARNING = 90_000

/** A device whose clock can be turned, with a customer who is logged in. */
async function sitting(login, options) {
  const context = await device(browser, options)
  await context.clock.install()
  const c = new Customer(await context.newPage(), demo, { login })
  await c.login()
  return [context, c]
}

/** When the bank heard of the session last, as the tabs tell each other. */
const heard = (page) => page.evaluate(() => Number(localStorage.getItem('ingam-idle')))
const dialog = (page) => page.locator('ingam-idle dialog')

test('the warning comes 90 seconds before the end, and going on in one tab calms the other', async () => {
  const [context, c] = await sitting('hong')
  await c.apply()
  await c.terms()
  await c.open('account')
  await c.fill('[name=account]', '1234')
  const other = await context.newPage()
  await other.goto(new URL('/center', demo.portal).href)
  assert.equal(await other.locator('ingam-idle').getAttribute('seconds'), String(IDLE / 1000))

  await context.clock.pauseAt(await heard(other) + IDLE - WARNING - 1000)
  for (const page of [c.page, other]) assert.equal(await dialog(page).isVisible(), false, 'no warning yet')
  await context.clock.runFor(1000)
  for (const page of [c.page, other]) {
    await dialog(page).waitFor()
    assert.equal(await page.locator('ingam-idle [role=timer]').innerText(), '1:30')
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'idle-go-on')
  }
  await context.clock.runFor(30_000)
  assert.equal(await other.locator('ingam-idle [role=timer]').innerText(), '1:00')

  await other.getByRole('button', { name: words('ko')('el.idle.go-on'), exact: true }).click()
  for (const page of [c.page, other]) await dialog(page).waitFor({ state: 'hidden' })
  assert.equal(await c.page.locator('[name=account]').inputValue(), '1234', 'what was typed is there')
  // It begins anew.
  await context.clock.pauseAt(await heard(other) + IDLE - WARNING - 1000)
  for (const page of [c.page, other]) assert.equal(await dialog(page).isVisible(), false)
  await close(context, assert)
})

for (const lang of ['ko', 'en']) {
  test(`the end shows nothing personal, not by Back either, and leads back to the step: ${lang}`, async () => {
    const [context, c] = await sitting(lang === 'ko' ? 'kim' : 'choi', { lang, size: 'phone' })
    await c.apply()
    await c.terms()
    await c.open('account')
    const step = c.page.url()
    const other = await context.newPage()
    await other.goto(new URL('/center', demo.portal).href)
    await other.getByText(c.sample.name).first().waitFor({ state: 'attached' })
    // A tab whose script runs only after the end would begin a new wait.
    for (const page of [c.page, other]) await page.evaluate(() => customElements.whenDefined('ingam-idle').then(() => undefined))

    await context.clock.fastForward(IDLE)
    for (const page of [c.page, other]) {
      await page.waitForURL(/\/login\?ended/)
      await page.getByText(words(lang)('p.login.ended')).waitFor()
    }
    assert.ok(!(await context.cookies()).some((cookie) => cookie.name === 'ingam_session'), 'the session is over')
    await c.page.goBack()
    await c.page.locator('h1').waitFor()
    const shown = await c.page.evaluate(() => document.documentElement.innerHTML)
    assert.ok(!shown.includes(c.sample.name), 'Back shows nothing personal')
    assert.match(c.page.url(), /\/login\?/)
    await c.page.goForward()
    await c.page.locator('#loginId').waitFor()

    await c.fill('[name=loginId]', c.sample.loginId)
    await c.fill('[name=password]', c.sample.password)
    await Promise.all([c.page.waitForURL(step), c.press('form:has([name=loginId]) [type=submit]')])
    await c.noProblem()
    await close(context, assert)
  })
}

test('who types for long is not cut off', async () => {
  const [context, c] = await sitting('lee')
  await c.go('/verify')
  await context.clock.fastForward(IDLE / 2)
  const told = c.page.waitForResponse((r) => new URL(r.url()).pathname === '/api/v1/session' && r.ok())
  await c.page.locator('textarea').first().pressSequentially('ab')
  await told
  await context.clock.fastForward(IDLE / 2)
  assert.equal(await dialog(c.page).isVisible(), false)
  assert.match(c.page.url(), /\/verify$/)
  await close(context, assert)
})

test('a computer that slept through the end wakes to the login', async () => {
  const [context, c] = await sitting('sample')
  await c.go('/center')
  await context.clock.fastForward(8 * IDLE)
  await c.page.waitForURL(/\/login\?ended/)
  await close(context, assert)
})
