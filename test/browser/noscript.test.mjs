// Without script: plain forms lead from the login to where a key has to be
// made, and the pages that can do nothing without one say so.
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

const plain = (options) => device(browser, { javaScriptEnabled: false, ...options })

/** The page says that it needs a script, and nothing on it waits for one for ever. */
async function saysSo(page, lang) {
  const say = words(lang)
  const notice = page.locator('main .notice-warning', { hasText: say('p.noscript') })
  await notice.waitFor()
  assert.ok((await notice.innerText()).includes(say('p.noscript.do')), 'and what to do')
  const buttons = await page.locator('main button:visible:not(form button)').count()
  assert.equal(buttons, 0, 'no button that does nothing')
}

for (const { lang, size, login } of [
  { lang: 'ko', size: 'phone', login: 'hong' },
  { lang: 'en', size: 'desktop', login: 'nguyen' },
]) {
  test(`by plain forms up to the key, in ${lang} on a ${size}`, async () => {
    const context = await plain({ lang, size })
    const c = new Customer(await context.newPage(), demo, { login })
    await c.go('/login?next=/apply')
    assert.equal(await c.page.locator('main noscript p:visible').innerText(), words(lang)('p.login.noscript'))
    await c.login()
    await c.apply()
    await c.terms()
    await c.identity()
    await c.confirm()
    assert.equal(await c.page.locator('html').getAttribute('lang'), lang)
    await saysSo(c.page, lang)
    // One can come back later, with another browser.
    await c.go('/apply')
    assert.equal(await c.page.locator(`main a[href^="/apply/${c.application}"]`).count(), 1)
    await close(context, assert)
  })
}

for (const lang of ['ko', 'en']) {
  test(`wallet and signing say that they need a script: ${lang}`, async () => {
    const context = await plain({ lang })
    const page = await context.newPage()
    for (const where of ['/wallet', '/sign']) {
      await page.goto(new URL(where, demo.portal).href)
      await saysSo(page, lang)
    }
    await close(context, assert)
  })
}

test('language, look, menu and logging out are plain forms', async () => {
  const context = await plain({ size: 'phone' })
  const c = new Customer(await context.newPage(), demo, { login: 'kim' })
  await c.login()
  await c.go('/center')
  await Promise.all([c.page.waitForNavigation(), c.page.locator('button[name=lang]').click()])
  assert.equal(await c.page.locator('html').getAttribute('lang'), 'en')
  assert.match(c.page.url(), /\/center$/)
  await Promise.all([c.page.waitForNavigation(), c.page.locator('button[name=look][value=contrast]').click()])
  assert.equal(await c.page.locator('html').getAttribute('data-look'), 'contrast')
  await c.page.locator('details.menu > summary').click()
  await Promise.all([c.page.waitForURL(/\/verify$/), c.page.locator('.menu-sheet a[href="/verify"]').click()])
  await Promise.all([c.page.waitForURL(/\/$/), c.page.locator('form[action="/logout"] button').first().click()])
  await c.page.getByText(words('en')('notice.logged-out')).waitFor()
  await close(context, assert)
})
