// axe-core over each page and state of the gallery: no violation, in both
// languages and all three looks, on a phone and on a desktop.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { root } from './lib/demo.mjs'
import { close, device, launch } from './lib/browser.mjs'
import { Gallery } from './lib/gallery.mjs'

let gallery, browser, axe
before(async () => {
  gallery = await Gallery.start()
  browser = await launch()
  axe = await readFile(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8')
})
after(async () => {
  await browser?.close()
  gallery?.stop()
})

// Each look is judged once; layout at the width where it is tightest.
const runs = [
  { lang: 'ko', size: 'phone', colorScheme: 'light' },
  { lang: 'en', size: 'desktop', colorScheme: 'dark' },
  { lang: 'ko', size: 'tablet', colorScheme: 'light', contrast: 'more' },
]

for (const { lang, size, colorScheme, contrast } of runs) {
  test(`no violation: ${lang}, ${size}, ${contrast ? 'high contrast' : colorScheme}`, async () => {
    // bypassCSP lets axe be put in by hand; the pages themselves are as served.
    const context = await device(browser, { lang, size, colorScheme, contrast: contrast ?? 'no-preference', bypassCSP: true, reducedMotion: 'reduce' })
    const shots = gallery.pages.filter((s) => s.lang === lang)
    const wrong = await gallery.each(context, shots, async (page) => {
      await page.evaluate(axe)
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
      const found = violations.map((v) => `${v.id} (${v.nodes.length}): ${v.help}; ${v.nodes[0].html.slice(0, 160)}`)
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (sideways > 0) found.push(`scrolls sideways by ${sideways} px`)
      return found
    })
    assert.ok(shots.length > 20, `only ${shots.length} pages in the gallery`)
    assert.deepEqual(wrong, [])
    await close(context, assert)
  })
}
