// Papers of a case as Chromium prints them: number and size of the pages, and
// that all of what is on the screen is on the paper, and nothing around it. The
// gallery's pages are the console's own.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { close, device, launch } from './lib/browser.mjs'
import { Gallery } from './lib/gallery.mjs'

const run = promisify(execFile)
let gallery, browser, folder
before(async () => {
  gallery = await Gallery.start()
  browser = await launch()
  folder = await mkdtemp(path.join(tmpdir(), 'ingam-print-'))
})
after(async () => {
  await browser?.close()
  gallery?.stop()
  if (folder) await rm(folder, { recursive: true })
})

const papers = (lang) => gallery.pages.filter((s) => s.lang === lang && /^console\/print/.test(s.page) && s.state !== 'gone')
const squeeze = (text) => text.replace(/\s+/g, '')

/** Prints the page as its style sheet wants it, and gives what poppler reads. */
async function printed(page) {
  const file = path.join(folder, 'paper.pdf')
  await writeFile(file, await page.pdf({ preferCSSPageSize: true, printBackground: false }))
  const info = (await run('pdfinfo', [file])).stdout
  const text = (await run('pdftotext', ['-raw', '-enc', 'UTF-8', file, '-'])).stdout
  return { file, pages: Number(/Pages:\s+(\d+)/.exec(info)[1]), width: Number(/Page size:\s+([\d.]+)/.exec(info)[1]), text: squeeze(text) }
}

for (const lang of ['ko', 'en']) {
  test(`papers are printed whole and alone: ${lang}`, async () => {
    const shots = papers(lang)
    assert.ok(shots.length >= 9, `found ${shots.length} papers`)
    const context = await device(browser, { lang })
    const page = await context.newPage()
    for (const shot of shots) {
      await gallery.open(page, shot)
      const words = await page.evaluate(() => [...document.querySelectorAll('.sheet :is(h2, h3, dt, dd, li, p, .sheet-groups span)')]
        .filter((e) => !e.matches('.sheet-groups')).map((e) => e.innerText).filter((t) => t.trim()))
      assert.ok(words.length > 10, `${shot.path} has ${words.length} words`)
      const got = await printed(page)
      for (const w of words) assert.ok(got.text.includes(squeeze(w)), `${shot.path} does not print ${w}: ${got.text}`)
      for (const around of await page.evaluate(() => [...document.querySelectorAll('.print-bar, .top, .foot')].map((e) => e.textContent))) {
        assert.ok(!got.text.includes(squeeze(around)), `${shot.path} prints ${around}`)
      }
      assert.ok(got.text.startsWith(squeeze(words[0])), `${shot.path} begins with ${got.text.slice(0, 40)}`)
      const receipt = shot.state === 'receipt'
      assert.ok(Math.abs(got.width - (receipt ? 226.8 : 595.3)) < 1.5, `${shot.path} is ${got.width} points wide`)
      const most = receipt ? 1 : shot.page === 'console/print-slip' ? 1 : /english/.test(shot.state) ? 2 : /signed/.test(shot.state) ? 4 : /consent/.test(shot.state) ? 2 : 1
      assert.ok(got.pages <= most, `${shot.path} has ${got.pages} pages, not up to ${most}`)
    }
    await close(context, assert)
  })
}

test('the dark look prints black on white, and its code is read', async () => {
  const shot = papers('ko').find((s) => s.page === 'console/print-slip' && s.state === 'a4')
  const context = await device(browser, { colorScheme: 'dark' })
  const page = await context.newPage()
  await gallery.open(page, shot)
  const { file } = await printed(page)
  const picture = path.join(folder, 'paper')
  await run('pdftoppm', ['-r', '200', '-gray', '-png', '-singlefile', file, picture])
  const { stdout } = await run('zbarimg', ['--raw', '-q', '-Sdisable', '-Sqrcode.enable', `${picture}.png`])
  assert.equal(stdout.trim(), 'https://bank.example/redeem')
  assert.equal(await page.locator('.sheet').evaluate((e) => getComputedStyle(e).backgroundColor), 'rgb(255, 255, 255)')
  assert.equal(await page.locator('.sheet-groups').first().evaluate((e) => getComputedStyle(e).color), 'rgb(0, 0, 0)')
  await close(context, assert)
})

test('the key P prints, and each button says its key', async () => {
  const shot = papers('ko').find((s) => s.page === 'console/print-slip' && s.state === 'a4')
  const context = await device(browser)
  const page = await context.newPage()
  await page.addInitScript(() => { window.print = () => { window.printedTimes = (window.printedTimes ?? 0) + 1 } })
  await gallery.open(page, shot)
  await page.keyboard.press('p')
  assert.equal(await page.evaluate(() => window.printedTimes), 1)
  for (const button of await page.locator('.print-bar [data-key]').all()) {
    assert.equal((await button.locator('kbd').textContent()).toLowerCase(), await button.getAttribute('data-key'))
  }
  await close(context, assert)
})

test('without script the page still leads to the PDF, and offers no button that does nothing', async () => {
  const shot = papers('ko').find((s) => s.page === 'console/print' && s.state === 'form')
  const context = await device(browser, { javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${gallery.url}${shot.path}`)
  assert.equal(await page.locator('ingam-print button').isVisible(), false)
  assert.match(await page.locator('a[href*="form.pdf"]').getAttribute('href'), /print\/form\.pdf\?in=ko$/)
  await close(context, assert)
})
