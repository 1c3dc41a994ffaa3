// Finding a branch: by the name of a place, by where the device is, without
// script. Where the device is leaves the browser in no way.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { Demo } from './lib/demo.mjs'
import { close, device, launch } from './lib/browser.mjs'
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

const at = (path) => new URL(path, demo.portal).href
const names = (page) => page.locator('.branch h3').allInnerTexts()
const seen = (page) => page.locator('#nearest > .branch:visible').count()

for (const { lang, size, place, first } of [
  { lang: 'ko', size: 'phone', place: '강남역', first: '강남지점' },
  { lang: 'en', size: 'desktop', place: 'busan station', first: 'Busan Seomyeon' },
]) {
  test(`by place, from the first page: ${lang} on a ${size}`, async () => {
    const context = await device(browser, { lang, size })
    const page = await context.newPage()
    await page.goto(at('/'))
    await page.locator('main a[href="/branches"]').click()
    await page.waitForURL(/\/branches$/)
    await page.locator('#place').fill(place)
    await Promise.all([page.waitForURL(/place=/), page.keyboard.press('Enter')])
    assert.equal((await names(page))[0], first)
    assert.equal(await seen(page), 10, 'the nearest ten, the others folded')
    assert.match(await page.locator('#nearest .branch-far').first().innerText(), /^[\d.]+ ?k?m$/)
    // The map's first mark leads to the first line, by keyboard.
    const mark = page.locator('.map-mark').first()
    await mark.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/#b-\d{3}$/)
    assert.equal(await page.locator('.branch:target h3').innerText(), first)
    await Promise.all([page.waitForURL(/\/branches\/\d{3}$/), page.locator('.branch:target h3 a').click()])
    assert.equal(await page.locator('h1').innerText(), first)
    assert.equal(await page.locator('.week tbody tr').count(), 7)
    await close(context, assert)
  })
}

test('a name of several places: one is chosen', async () => {
  const context = await device(browser, { lang: 'ko', size: 'phone' })
  const page = await context.newPage()
  await page.goto(at('/branches?place=' + encodeURIComponent('중구')))
  await Promise.all([page.waitForURL(/place=/), page.locator('main .list a', { hasText: '대구광역시' }).click()])
  assert.equal((await names(page))[0], '대구중앙지점')
  await close(context, assert)
})

test('by where the device is: asked for once, used here, sent nowhere', async () => {
  const where = { latitude: 35.1587, longitude: 129.1604 } // Haeundae
  const context = await device(browser, { lang: 'ko', size: 'phone', geolocation: where, permissions: ['geolocation'] })
  const page = await context.newPage()
  await page.goto(at('/branches'))
  const before = context.urls.length
  assert.notEqual((await names(page))[0], '해운대지점')
  await page.locator('ingam-near button').click()
  await page.getByText(words('ko')('el.near.title')).waitFor()
  const order = await names(page)
  assert.deepEqual(order.slice(0, 2), ['해운대지점', '부산서면지점'])
  const metres = (text) => parseFloat(text) * (text.endsWith('km') ? 1000 : 1)
  const far = (await page.locator('.branch-far').allInnerTexts()).map(metres)
  assert.ok(far.every((m, i) => i === 0 || m >= far[i - 1]), `not in order: ${far}`)
  assert.ok(far[0] > 300 && far[0] < 900, `to Haeundae: ${far[0]} m`)
  assert.equal(await page.locator('.map-mark').first().getAttribute('href'), '#b-608')
  assert.equal(await page.locator('.map-here').count(), 1)
  // Nothing of it is in an address, a request or the bank's log.
  const asked = context.urls.slice(before).filter((u) => !/\/(assets\/.*|icon\.svg|favicon\.ico|sw\.js|manifest\.webmanifest)$/.test(u))
  assert.deepEqual(asked, [], 'nothing but files of the page is asked for')
  assert.ok(!page.url().includes('35.1'))
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]))
  const log = await readFile(demo.log, 'utf8')
  for (const text of [kept, log]) assert.doesNotMatch(text, /35\.158|129\.16/)
  await close(context, assert)
})

test('the position is not given: said plainly, and the list stays', async () => {
  const context = await device(browser, { lang: 'en', permissions: [] })
  const page = await context.newPage()
  await page.goto(at('/branches'))
  const before = await names(page)
  await page.locator('ingam-near button').click()
  await page.locator('ingam-near .hint', { hasText: words('en')('el.near.denied') }).waitFor()
  assert.deepEqual(await names(page), before)
  await close(context, assert)
})

test('without script: place, services, hours and map', async () => {
  const context = await device(browser, { lang: 'en', size: 'phone', javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(at('/branches'))
  assert.equal(await page.locator('ingam-near button').count(), 0, 'no button that does nothing')
  await page.locator('#place').fill('Suwon')
  await page.locator('form[action="/branches"] details summary').click()
  await page.locator('input[value=parking]').check()
  await Promise.all([page.waitForURL(/service=parking/), page.locator('main form .btn-primary').click()])
  assert.equal((await names(page))[0], 'Suwon')
  assert.ok(await page.locator('.map-mark').count() > 0)
  await page.locator('#nearest .branch details summary').first().click()
  assert.equal(await page.locator('#nearest .branch .week').first().locator('tbody tr:visible').count(), 7)
  await page.locator('#farther > summary').click()
  assert.ok(await page.locator('#farther .branch:visible').count() > 0)
  await close(context, assert)
})
