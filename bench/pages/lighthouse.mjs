// Lighthouse on the pages that customers meet first, on the real demo bank, as
// a phone of the middle class on slow 4G. It fails nothing: it shows what each
// category gives and what audits take from it.
//
//   node bench/pages/lighthouse.mjs
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as chrome from 'chrome-launcher'
import lighthouse from 'lighthouse'
import { Demo } from '../../test/browser/lib/demo.mjs'
import { device, launch } from '../../test/browser/lib/browser.mjs'
import { Customer } from '../../test/browser/lib/customer.mjs'
import { machine, main, median, table } from './lib.mjs'

// Fixed before anything was measured.
const ROUNDS = 3
const AIM = 95

const pages = [['home', '/'], ['issue', '/apply'], ['wallet', '/wallet']]
const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']

export async function run() {
  const demo = await Demo.start()
  const profile = await mkdtemp(path.join(tmpdir(), 'ingam-lighthouse-'))
  let browser
  try {
    const cookie = await login(demo)
    browser = await chrome.launch({
      chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium', chromeFlags: flags, userDataDir: profile, logLevel: 'error',
    })
    const rows = []
    const faults = []
    for (const [name, where] of pages) {
      const results = []
      for (let i = 0; i < ROUNDS; i++) results.push(await look(new URL(where, demo.portal).href, browser.port, where === '/apply' && cookie))
      rows.push([`${name} (${where})`, ...categories(results)])
      faults.push(`### ${name}\n${failing(results)}`)
    }
    return `## Lighthouse\n${machine()}\nMobile preset, median of ${ROUNDS} runs (min–max), aim ${AIM} in each:\n\n` +
      table(['page', ...names], rows) + '\nAudits below full marks, in the middle run:\n\n' + faults.join('\n')
  } finally {
    browser?.kill()
    await demo.stop()
    await rm(profile, { recursive: true, force: true })
  }
}

/** Logs in as a customer would; the session's cookie. */
async function login(demo) {
  const browser = await launch()
  try {
    const context = await device(browser)
    await new Customer(await context.newPage(), demo).login()
    return (await context.cookies()).map((c) => `${c.name}=${c.value}`).join('; ')
  } finally {
    await browser.close()
  }
}

/** One run; what a busy browser broke off is tried again, so often. */
async function look(url, port, cookie, tries = 3) {
  const result = await lighthouse(url, {
    port, output: 'json', logLevel: 'error', formFactor: 'mobile', locale: 'en',
    ...(cookie && { extraHeaders: { Cookie: cookie } }),
  })
  const { lhr } = result
  if (lhr.runtimeError && tries > 1) return look(url, port, cookie, tries - 1)
  if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`)
  if (new URL(lhr.finalDisplayedUrl).pathname !== new URL(url).pathname) throw new Error(`${url} led to ${lhr.finalDisplayedUrl}`)
  return lhr
}

const names = ['performance', 'accessibility', 'best practices', 'search']
const ids = ['performance', 'accessibility', 'best-practices', 'seo']
const score = (lhr, id) => Math.round(lhr.categories[id].score * 100)

function categories(results) {
  return ids.map((id) => {
    const n = results.map((r) => score(r, id))
    const middle = median(n)
    const text = `${middle} (${Math.min(...n)}–${Math.max(...n)})`
    return middle < AIM ? `**${text}**` : text
  })
}

/** What the run with the middle performance complains about: what costs points in full, the rest by name. */
function failing(results) {
  const lhr = results.toSorted((a, b) => score(a, 'performance') - score(b, 'performance'))[results.length >> 1]
  const lines = []
  const free = new Set()
  for (const id of ids) {
    for (const { id: audit, weight } of lhr.categories[id].auditRefs) {
      const a = lhr.audits[audit]
      if (a.score === null || a.score >= 0.9 || ['notApplicable', 'manual', 'informative'].includes(a.scoreDisplayMode)) continue
      if (weight) lines.push(`- ${id}: ${a.title}, ${a.score} of 1${a.displayValue ? `, ${a.displayValue}` : ''}${about(a)}`)
      else free.add(audit)
    }
  }
  if (free.size) lines.push(`- without weight: ${[...free].join(', ')}`)
  const metrics = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift', 'speed-index']
  lines.push(`- ${metrics.map((m) => `${m} ${lhr.audits[m].displayValue}`).join(', ')}`)
  return lines.join('\n') + '\n'
}

/** The first places that an audit names. */
function about(audit) {
  const places = (audit.details?.items ?? []).map((i) => i.node?.selector ?? i.url ?? i.source?.url ?? '').filter(Boolean)
  return places.length ? `: ${places.slice(0, 4).join(', ')}` : ''
}

await main(import.meta.url, run)
