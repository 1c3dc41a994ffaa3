// The ID card by camera: Chromium's fake device shows the sample's card.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Demo } from './lib/demo.mjs'
import { close, device, launch } from './lib/browser.mjs'
import { Customer } from './lib/customer.mjs'

let demo, browser
before(async () => {
  demo = await Demo.start()
  // A film of one picture: JPEGs one after the other.
  const film = path.join(demo.folder, 'card.mjpeg')
  await writeFile(film, await asJPEG(await demo.picture(demo.sample('hong'))))
  browser = await launch('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${film}`)
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** A PNG as JPEG, by a browser's own canvas. */
async function asJPEG(png) {
  const plain = await launch()
  const page = await plain.newPage()
  const url = await page.evaluate(async (b) => {
    const picture = await createImageBitmap(new Blob([new Uint8Array(b)]))
    const canvas = document.createElement('canvas')
    // Chromium's fake camera wants even sides.
    canvas.width = picture.width & ~1
    canvas.height = picture.height & ~1
    canvas.getContext('2d').drawImage(picture, 0, 0)
    return canvas.toDataURL('image/jpeg', 0.95)
  }, [...png])
  await plain.close()
  return Buffer.from(url.split(',')[1], 'base64')
}

test('the ID card is taken by camera, shown, taken again and accepted', async () => {
  const context = await device(browser, { size: 'phone', permissions: ['camera'] })
  const page = await context.newPage()
  const c = new Customer(page, demo, { login: 'hong' })
  await c.login()
  await c.apply()
  await c.terms()
  await c.idCard({ attach: false })
  const photo = page.locator('ingam-card-photo')
  for (let i = 0; i < 2; i++) {
    await photo.locator('button.camera, button[data-act=camera]').first().click()
    const dialog = photo.locator('dialog[open]')
    await dialog.waitFor()
    await page.waitForFunction(() => document.querySelector('ingam-card-photo video')?.videoWidth > 0)
    await dialog.locator('[data-act=take]').click()
    await dialog.locator('[data-act=use]').click()
    await dialog.waitFor({ state: 'hidden' })
  }
  await photo.locator('img').waitFor()
  // The camera is off once the picture is taken.
  assert.equal(await page.evaluate(() => [...document.querySelectorAll('video')].some((v) => v.srcObject?.active)), false)
  await Promise.all([page.waitForNavigation(), c.press('main .btn-primary:visible')])
  await c.noProblem()
  await close(context, assert)
})
