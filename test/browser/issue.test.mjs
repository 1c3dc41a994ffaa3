// The online issue from end to end: on a phone and on a PC, by mouse and by
// keyboard alone, in both languages; what comes out is judged by other programs
// in peers.test.mjs.
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

const ways = [
  { login: 'hong', size: 'phone', lang: 'ko', hand: 'mouse' },
  { login: 'kim', size: 'phone', lang: 'en', hand: 'keyboard' },
  { login: 'sample', size: 'desktop', lang: 'en', hand: 'mouse' },
  { login: 'choi', size: 'desktop', lang: 'ko', hand: 'keyboard' },
]

for (const { login, size, lang, hand } of ways) {
  test(`a certificate on a ${size}, by ${hand}, in ${lang}`, async () => {
    const context = await device(browser, { size, lang })
    const page = await context.newPage()
    const customer = new Customer(page, demo, { login, hand })
    await customer.issue()

    // The page speaks the language asked for, says where one is, and seals.
    assert.equal(await page.locator('html').getAttribute('lang'), lang)
    await page.locator('.seal').first().waitFor()

    // It lies in the wallet and on the server's list.
    await customer.go('/wallet')
    await page.locator('ingam-wallet .cert').first().waitFor()
    assert.equal(await page.locator('ingam-wallet .cert').count(), 1)
    await customer.go('/certificates')
    assert.equal(await page.locator('main .cert').count(), 1)
    assert.ok(!(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)), 'the page scrolls sideways')
    await close(context, assert)
  })
}
