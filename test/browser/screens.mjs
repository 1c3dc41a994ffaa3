// Pictures of each page and state of the gallery: 3 widths × 2 languages × 2
// themes. Usage: node test/browser/screens.mjs FOLDER [part of a path]
// With --readme FOLDER: the four that the README shows, as a phone shows them.
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { device, launch, sizes } from './lib/browser.mjs'
import { Gallery } from './lib/gallery.mjs'

const forReadme = process.argv[2] === '--readme'
const [folder = 'bin/screens', only = ''] = process.argv.slice(forReadme ? 3 : 2)
await mkdir(folder, { recursive: true })
const gallery = await Gallery.start()
const browser = await launch()
let made = 0

async function readme() {
  for (const [name, where, colorScheme] of [
    ['home', '/ko/home/out', 'light'], ['id-card', '/ko/id-card/plain', 'light'],
    ['done', '/ko/done/finish-here', 'light'], ['verify', '/en/verify/valid', 'dark'],
  ]) {
    const context = await device(browser, { lang: where.slice(1, 3), size: 'phone', colorScheme, reducedMotion: 'reduce', deviceScaleFactor: 2 })
    const page = await context.newPage()
    await gallery.open(page, gallery.pages.find((shot) => shot.path === where))
    await page.screenshot({ path: path.join(folder, `${name}.png`) })
    await context.close()
    made++
  }
}

async function everything() {
  for (const lang of ['ko', 'en']) {
    for (const colorScheme of ['light', 'dark']) {
      for (const size of Object.keys(sizes)) {
        const context = await device(browser, { lang, size, colorScheme, reducedMotion: 'reduce' })
        const page = await context.newPage()
        for (const shot of gallery.pages) {
          const { path: where } = shot
          if (shot.lang !== lang || !where.includes(only)) continue
          await gallery.open(page, shot)
          const name = where.replace(/^\/(gallery\/)?/, '').replace(/[^\p{L}\p{N}=-]+/gu, '_') || 'home'
          // As tall as the page: what sticks to the window's edge would cover its middle.
          const height = await page.evaluate(() => document.documentElement.scrollHeight)
          await page.setViewportSize({ width: sizes[size].width, height: Math.max(height, sizes[size].height) })
          await page.screenshot({ path: path.join(folder, `${name}.${lang}.${colorScheme}.${sizes[size].width}.png`), fullPage: true })
          await page.setViewportSize(sizes[size])
          made++
        }
        await context.close()
      }
    }
  }
}

try {
  await (forReadme ? readme() : everything())
} finally {
  await browser.close()
  gallery.stop()
}
process.stdout.write(`${made} pictures in ${folder}\n`)
