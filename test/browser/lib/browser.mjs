// Opens Debian's Chromium, and watches what pages do that they should not: any
// breach of the content security policy, any error of a script, any request to
// another host makes the test fail.
import { chromium } from 'playwright-core'

const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']

export const sizes = {
  phone: { width: 360, height: 740 },
  tablet: { width: 768, height: 1024 },
  desktop: { width: 1280, height: 900 },
}

/** A browser; pass more flags for a fake camera. */
export async function launch(...more) {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: [...flags, ...more] })
}

/** A fresh profile: what one customer's device is. */
export async function device(browser, { size = 'desktop', lang = 'ko', ...options } = {}) {
  const context = await browser.newContext({
    viewport: sizes[size], locale: lang === 'ko' ? 'ko-KR' : 'en-GB', timezoneId: 'Asia/Seoul',
    isMobile: size === 'phone', hasTouch: size === 'phone', acceptDownloads: true, ...options,
  })
  context.setDefaultTimeout(20_000)
  const complaints = []
  const urls = []
  context.complaints = complaints
  context.urls = urls
  context.on('request', (r) => urls.push(r.url()))
  context.on('console', (m) => {
    const text = m.text()
    if (m.type() !== 'error') return
    // The browser's own word for an answer of 4xx and 5xx; the tests judge those.
    if (/Failed to load resource/.test(text)) return
    complaints.push(text)
  })
  context.on('weberror', (e) => complaints.push(String(e.error())))
  return context
}

/** Ends a device and gives what its pages did wrong. */
export async function close(context, assert, { host = /^http:\/\/(localhost|127\.0\.0\.1):/ } = {}) {
  const strange = context.urls.filter((u) => /^https?:/.test(u) && !host.test(u))
  await context.close()
  assert.deepEqual(context.complaints, [], 'errors in the console')
  assert.deepEqual(strange, [], 'requests to other hosts')
}
