// Pictures of each page and state of the gallery: 3 widths × 2 languages × 2
// themes. Usage: node test/browser/screens.mjs FOLDER [part of a path]
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { device, launch, sizes } from './lib/browser.mjs'
import { Gallery } from './lib/gallery.mjs'

const [, , folder = 'bin/screens', only = ''] = process.argv
await mkdir(folder, { recursive: true })
const gallery = await Gallery.start()
const browser = await launch()
let made = 0
try {
  for (const lang of ['ko', 'en']) {
    for (const colorScheme of ['light', 'dark']) {
      for (const size of Object.keys(sizes)) {
        const context = await device(browser, { lang, size, colorScheme, reducedMotion: 'reduce' })
        const page = await context.newPage()
        for (const { path: where, lang: speaks } of gallery.pages) {
          if (speaks && speaks !== lang) continue
          if (!where.includes(only)) continue
          await page.goto(`${gallery.url}${where}`)
          await page.waitForLoadState('networkidle')
          await page.evaluate(() => document.fonts.ready.then(() => undefined))
          const name = where.replace(/^\/(gallery\/)?/, '').replace(/[^\p{L}\p{N}=-]+/gu, '_') || 'home'
          await page.screenshot({ path: path.join(folder, `${name}.${lang}.${colorScheme}.${sizes[size].width}.png`), fullPage: true })
          made++
        }
        await context.close()
      }
    }
  }
} finally {
  await browser.close()
  gallery.stop()
}
process.stdout.write(`${made} pictures in ${folder}\n`)
