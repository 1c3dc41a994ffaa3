// The app beside the others on a phone: it can be installed, its worker keeps
// no page with a person, and without a network it says what is the matter.
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

const at = (where) => new URL(where, demo.portal).href

/** The wallet's page was open once: its worker is there and answers for the pages. */
async function visited(context) {
  const page = await context.newPage()
  await page.goto(at('/wallet'))
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
  return page
}

for (const lang of ['ko', 'en']) {
  test(`it can be installed: ${lang}`, async () => {
    const context = await device(browser, { lang, size: 'phone' })
    const page = await visited(context)
    const cdp = await context.newCDPSession(page)
    const { url, errors, data } = await cdp.send('Page.getAppManifest')
    assert.deepEqual(errors, [])
    const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors')
    // Playwright's profiles are private windows, where nothing can be installed.
    assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'), [])

    const manifest = JSON.parse(data)
    assert.ok(manifest.name && manifest.short_name.length <= 12)
    assert.equal(manifest.lang, lang)
    assert.equal(manifest.display, 'standalone')
    assert.equal(new URL(manifest.start_url, url).href, at('/wallet'))
    const wanted = [['192x192', 'any'], ['512x512', 'any'], ['512x512', 'maskable']]
    for (const [sizes, purpose] of wanted) {
      assert.ok(manifest.icons.some((i) => i.sizes === sizes && i.purpose === purpose), `an icon ${sizes} ${purpose}`)
    }
    for (const icon of manifest.icons) {
      const seen = await page.evaluate(async ({ src, svg }) => {
        const answer = await fetch(src)
        const picture = svg ? undefined : await createImageBitmap(await answer.blob())
        return { ok: answer.ok, type: answer.headers.get('Content-Type'), size: picture && `${picture.width}x${picture.height}` }
      }, { src: new URL(icon.src, url).href, svg: icon.type === 'image/svg+xml' })
      assert.ok(seen.ok && seen.type.startsWith(icon.type), icon.src)
      if (seen.size) assert.equal(seen.size, icon.sizes)
    }
    await close(context, assert)
  })
}

/** The texts and addresses of all that the worker keeps. */
const kept = (page) => page.evaluate(async () => {
  const all = []
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    for (const request of await cache.keys()) {
      const answer = await cache.match(request)
      const text = /text|json|script/.test(answer.headers.get('Content-Type') ?? '') ? await answer.text() : ''
      all.push({ path: new URL(request.url).pathname, text, cookie: answer.headers.has('Set-Cookie') })
    }
  }
  return all
})

test('no page with a person is kept', async () => {
  const context = await device(browser)
  const c = new Customer(await visited(context), demo, { login: 'hong' })
  await c.login()
  await c.apply()
  await c.terms()
  await c.open('account')
  for (const where of ['/', '/center', '/apply', `/apply/${c.application}/identity`, '/certificates', '/passkeys', '/verify', '/sign', '/wallet']) {
    await c.go(where)
  }
  const all = await kept(c.page)
  assert.ok(all.length > 5)
  for (const { path, text, cookie } of all) {
    assert.ok(path.startsWith('/assets/') || path === '/wallet' || path === '/offline', `${path} is kept`)
    assert.ok(!cookie)
    for (const secret of [c.sample.name, c.sample.account, c.application]) assert.ok(!text.includes(secret), `${path} holds something of a person`)
  }
  await close(context, assert)
})

for (const lang of ['ko', 'en']) {
  test(`without a network: ${lang}`, async () => {
    const say = words(lang)
    const context = await device(browser, { lang, size: 'phone' })
    const page = await visited(context)
    await context.setOffline(true)
    for (const where of ['/apply', '/', '/center']) {
      await page.goto(at(where))
      assert.equal(await page.locator('h1').innerText(), say('p.offline.title'))
      assert.equal(await page.locator('html').getAttribute('lang'), lang)
      assert.equal(page.url(), at(where), 'the address stays: one can try again')
    }
    // It looks as our pages do: its styles and scripts are kept, too.
    assert.notEqual(await page.locator('main .btn-primary').evaluate((b) => getComputedStyle(b).backgroundColor), 'rgba(0, 0, 0, 0)')

    await Promise.all([page.waitForURL(at('/wallet')), page.locator('main a[href="/wallet"]').click()])
    await page.locator('ingam-wallet[data-state=ready] .empty').waitFor()

    await page.goto(at('/verify'))
    await context.setOffline(false)
    await Promise.all([page.waitForNavigation(), page.getByRole('link', { name: say('p.offline.again'), exact: true }).click()])
    assert.equal(await page.locator('h1').innerText(), say('p.verify.title'))
    await close(context, assert)
  })
}

test('the bank is down: the same page, and the wallet opens', async () => {
  const context = await device(browser)
  const page = await visited(context)
  await demo.kill()
  try {
    await page.goto(at('/apply'))
    assert.equal(await page.locator('h1').innerText(), words('ko')('p.offline.title'))
    await page.goto(at('/wallet'))
    await page.locator('ingam-wallet[data-state=ready]').waitFor()
  } finally {
    await demo.restart()
  }
  await Promise.all([page.waitForURL(/\/login\?/), page.goto(at('/apply'))])
  await close(context, assert)
})
