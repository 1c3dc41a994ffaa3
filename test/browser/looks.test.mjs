// What readers set for themselves: larger text, a narrow window, their own
// colours, more contrast, less motion, the keyboard. On the gallery's pages.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { root } from './lib/demo.mjs'
import { close, device, launch } from './lib/browser.mjs'
import { Gallery } from './lib/gallery.mjs'

let gallery, browser
before(async () => {
  gallery = await Gallery.start()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  gallery?.stop()
})

const shot = (where) => {
  const found = gallery.pages.find((s) => s.path === where)
  assert.ok(found, `the gallery has no ${where}`)
  return found
}

/** What sticks out of the window, or out of its button. */
const outside = (page) => page.evaluate(() => {
  const wrong = []
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth
  if (wide > 0) {
    const last = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility())
    wrong.push(`sideways by ${wide}: ${last.slice(-1)[0]?.outerHTML.slice(0, 120)}`)
  }
  for (const b of document.querySelectorAll('.btn')) {
    if (b.checkVisibility() && b.scrollWidth > b.clientWidth + 1) wrong.push(`a button is too narrow for "${b.textContent.trim()}"`)
  }
  return wrong
})

// In English, whose words are longer, each state but those that differ by a
// refusal's words alone; in Korean one of each page, and those with long names.
for (const lang of ['en', 'ko']) {
  test(`nothing sticks out in a narrow window and at 200 % text: ${lang}`, async () => {
    const seen = new Map()
    const most = lang === 'en' ? 4 : 1 // of a page
    const shots = gallery.pages.filter((s) => {
      if (s.lang !== lang) return false
      seen.set(s.page, (seen.get(s.page) ?? 0) + 1)
      return seen.get(s.page) <= most || /long|thirty|full|demo|sorts|old|add|imported/.test(s.state) || (lang === 'en' && s.page === 'failure')
    })
    const context = await device(browser, { lang, size: 'desktop', reducedMotion: 'reduce' })
    const wrong = await gallery.each(context, shots, async (page) => {
      const found = []
      const note = async (how) => { for (const w of await outside(page)) found.push(`${how}: ${w}`) }
      for (const width of [320, 360]) {
        await page.setViewportSize({ width, height: 740 })
        await note(`${width} px`)
      }
      await page.evaluate(() => { document.documentElement.style.fontSize = '200%' })
      await note('360 px, 200 %')
      await page.setViewportSize({ width: 1280, height: 900 })
      await note('1280 px, 200 %')
      return found
    })
    assert.deepEqual(wrong, [])
    await close(context, assert)
  })
}

test('colours that the reader forces: edges, states and the seal remain', async () => {
  const context = await device(browser, { forcedColors: 'active', colorScheme: 'dark', reducedMotion: 'reduce' })
  const wrong = await gallery.each(context, ['/ko/home/out', '/ko/login/wrong', '/ko/id-card/plain', '/ko/certificates/thirty', '/ko/key/issue-typed', '/ko/wallet/wallet-sorts', '/ko/sign/sign-signed'].map(shot),
    (page) => page.evaluate(() => {
      const wrong = []
      for (const e of document.querySelectorAll('.btn, .notice, .choice, .cert, .panel, .field :is(input:not([type=file]), textarea)')) {
        if (!e.checkVisibility()) continue
        const s = getComputedStyle(e)
        if (parseFloat(s.borderTopWidth) < 1 || s.borderTopStyle === 'none') wrong.push(`no edge: ${e.outerHTML.slice(0, 80)}`)
      }
      for (const e of document.querySelectorAll('.badge')) {
        if (e.checkVisibility() && !e.textContent.trim()) wrong.push('a state without a word')
      }
      for (const e of document.querySelectorAll('.seal')) {
        const s = getComputedStyle(e)
        const seen = s.forcedColorAdjust === 'none' || s.backgroundImage !== 'none' || !!e.querySelector('svg, img')
        if (e.checkVisibility() && !seen) wrong.push('the seal is gone')
      }
      return wrong
    }))
  assert.deepEqual(wrong, [])
  await close(context, assert)
})

test('less motion: nothing moves; else the seal is pressed once', async () => {
  const moving = (page) => page.evaluate(() => document.getAnimations().map((a) => `${a.animationName ?? a.transitionProperty} of ${a.effect.target.className}`))
  const still = await device(browser, { reducedMotion: 'reduce' })
  const wrong = await gallery.each(still, ['/ko/sign/sign-signed', '/ko/done/finish-here', '/ko/verify/valid', '/ko/key/issue-making', '/ko/key/issue-sending', '/ko/home/idle-warning'].map(shot), moving)
  assert.deepEqual(wrong, [])
  await close(still, assert)

  const other = await device(browser, { reducedMotion: 'no-preference' })
  const page = await other.newPage()
  for (const where of ['/ko/sign/sign-signed', '/ko/verify/valid', '/ko/done/finish-here']) {
    await gallery.open(page, shot(where))
    const [name, times] = await page.locator('.seal-press').first().evaluate((e) => [getComputedStyle(e).animationName, getComputedStyle(e).animationIterationCount])
    assert.deepEqual([name, times], ['press', '1'], where)
  }
  await close(other, assert)
})

test('more contrast: 7 to 1, asked for or chosen', async () => {
  const axe = await readFile(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8')
  const pages = ['home/open', 'login/wrong', 'key/issue-typed', 'wallet/wallet-sorts', 'wallet/wallet-export-old', 'verify/invalid']
  for (const [how, options] of [
    ['light', { contrast: 'more', colorScheme: 'light' }],
    ['dark', { contrast: 'more', colorScheme: 'dark' }],
    ['chosen', { colorScheme: 'light' }],
  ]) {
    const context = await device(browser, { ...options, bypassCSP: true, reducedMotion: 'reduce' })
    const wrong = await gallery.each(context, pages.map((p) => gallery.pages.find((s) => s.path === `/ko/${p}`)).filter(Boolean), async (page) => {
      if (how === 'chosen') await page.evaluate(() => { document.documentElement.dataset.look = 'contrast' })
      await page.evaluate(axe)
      const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: { type: 'rule', values: ['color-contrast-enhanced'] } }))
      return violations.flatMap((v) => v.nodes.map((n) => `${how}: ${n.any[0]?.message ?? v.help} ${n.html.slice(0, 100)}`))
    })
    assert.deepEqual(wrong, [])
    await close(context, assert)
  }
})

/** Whether something is drawn around what has the focus: its own outline, or its card's. */
const marked = (page) => page.evaluate(() => {
  const e = document.activeElement
  if (!e || e === document.body) return undefined
  const outlined = (x) => {
    const s = x && getComputedStyle(x)
    return !!s && s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && s.outlineColor !== 'rgba(0, 0, 0, 0)'
  }
  const box = e.getBoundingClientRect()
  return {
    what: e.outerHTML.slice(0, 120),
    marked: outlined(e) || outlined(e.closest('label')),
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0,
    key: [...document.querySelectorAll('*')].indexOf(e),
  }
})

test('the focus is always to be seen', async () => {
  for (const [size, colorScheme] of [['phone', 'light'], ['desktop', 'dark']]) {
    const context = await device(browser, { size, colorScheme, reducedMotion: 'reduce' })
    const wrong = await gallery.each(context, ['home/open', 'login/login-several', 'id-card/photo-sharp', 'key/issue-idle', 'wallet/wallet-three', 'wallet/wallet-show', 'terms/plain'].map((p) => gallery.pages.find((s) => s.path === `/ko/${p}`)).filter(Boolean), async (page) => {
      const found = []
      const visited = new Set()
      await page.evaluate(() => { document.activeElement?.blur?.(); scrollTo(0, 0) })
      for (let i = 0; i < 80; i++) {
        await page.keyboard.press('Tab')
        const now = await marked(page)
        if (!now || visited.has(now.key)) break
        visited.add(now.key)
        if (!now.marked) found.push(`no mark: ${now.what}`)
        if (!now.seen) found.push(`out of sight: ${now.what}`)
      }
      if (visited.size < 5) found.push(`Tab reaches only ${visited.size} things`)
      return found
    })
    assert.deepEqual(wrong, [], `${size}, ${colorScheme}`)
    await close(context, assert)
  }
})
