// A passkey, by Chromium's virtual authenticator: add, log in, remove.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { Demo } from './lib/demo.mjs'
import { close, device, launch } from './lib/browser.mjs'
import { Customer } from './lib/customer.mjs'

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

test('add a passkey, log in with it, remove it', async () => {
  const context = await device(browser)
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  })
  const c = new Customer(page, demo, { login: 'hong' })
  await c.login()
  await c.go('/passkeys')
  const list = page.locator('ingam-passkeys')
  await list.locator('form input').first().fill('내 휴대폰')
  await list.locator('form [type=submit]').click()
  await list.getByText('내 휴대폰').first().waitFor()
  await Promise.all([page.waitForNavigation(), page.locator('form[action="/logout"] [type=submit]').first().click()])

  await c.go('/login?next=/passkeys')
  await Promise.all([page.waitForURL((u) => u.pathname === '/passkeys'), page.locator('ingam-passkey-login button').first().click()])
  await list.getByText('내 휴대폰').first().waitFor()

  // A user who is not verified gets nowhere.
  await Promise.all([page.waitForNavigation(), page.locator('form[action="/logout"] [type=submit]').first().click()])
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  await c.go('/login')
  await page.locator('ingam-passkey-login button').first().click()
  await page.locator('ingam-passkey-login .notice').waitFor()
  assert.match(page.url(), /\/login/)

  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
  await c.login()
  await c.go('/passkeys')
  await list.getByText('내 휴대폰').first().waitFor()
  await list.locator('[data-act=remove]').first().click()
  await list.locator('.btn-danger').first().click()
  await list.locator('.empty').waitFor()
  await Promise.all([page.waitForNavigation(), page.locator('form[action="/logout"] [type=submit]').first().click()])
  await c.go('/login')
  await page.locator('ingam-passkey-login button').first().click()
  await page.locator('ingam-passkey-login .notice-danger').waitFor()
  await close(context, assert)
})
