// What a customer's first visit weighs, from the home page to the certificate,
// with an empty cache, on the real demo bank. It fails nothing: it shows.
//
//   node bench/pages/weight.mjs
import { Demo } from '../../test/browser/lib/demo.mjs'
import { device, launch } from '../../test/browser/lib/browser.mjs'
import { Customer } from '../../test/browser/lib/customer.mjs'
import { machine, main, table } from './lib.mjs'
import { wire } from './wire.mjs'

const AIM = 150_000

export async function run() {
  const demo = await Demo.start()
  const door = await wire(demo.portal)
  const browser = await launch()
  try {
    demo.portal = door.url
    const context = await device(browser, { size: 'phone' })
    const page = await context.newPage()
    const pages = []
    await walk(new Customer(page, demo), async () => {
      await page.waitForLoadState('networkidle')
      pages.push(await links(page))
    })
    await icons(page, pages[0], door.url)
    return `## Weight of the first visit\n${machine(browser)}\n${report(door.answers)}`
  } finally {
    await browser.close()
    await door.stop()
    await demo.stop()
  }
}

/** The whole way; `there` is awaited on each page. */
async function walk(c, there) {
  const next = async () => {
    await Promise.all([c.page.waitForNavigation(), c.press('main .btn-primary:visible')])
    await c.noProblem()
    await there()
  }
  await c.go('/')
  await there()
  await c.go('/login')
  await there()
  await c.login()
  await there()
  await c.apply()
  await there()
  await c.terms()
  await there()
  for (const factor of ['idCard', 'account', 'otp', 'phone']) {
    await c[factor]()
    await next()
  }
  await c.confirm()
  await there()
  await c.key()
  await there()
}

const links = (page) => page.$$eval('link[rel~=icon],link[rel=manifest]', (all) => all.map((l) => l.getAttribute('href')))

/** A headless browser draws no tab: what one with tabs fetches besides. */
async function icons(page, paths, url) {
  for (const path of paths) await page.context().request.get(new URL(path, url).href, { headers: { 'sec-fetch-dest': 'image' } })
}

const kinds = { font: 'fonts', document: 'page', empty: 'API' }

/** Sorts each answer to the page it came for, each address once. */
function report(answers) {
  const seen = new Set()
  const pages = []
  const rows = new Map()
  for (const a of answers) {
    if (a.dest === 'document' && a.status === 200) pages.push(a.path.replace(/[A-Z2-7]{26}/, '{id}'))
    const where = pages.at(-1) ?? '/'
    if (!rows.has(where)) rows.set(where, { page: 0, files: 0, API: 0, fonts: 0, served: 0, headers: 0, servedFonts: 0, new: [] })
    const row = rows.get(where)
    const kind = kinds[a.dest] ?? 'files'
    row[kind === 'fonts' ? 'servedFonts' : 'served'] += a.body
    row.headers += a.header
    const key = `${a.method} ${a.path}`
    if (!a.body || seen.has(key)) continue
    seen.add(key)
    row[kind] += a.brotli
    if (kind === 'files') row.new.push({ ...a, name: a.path.replace(/^\/assets\/[^/]+\//, '') })
  }
  return tables(rows)
}

function tables(rows) {
  const kB = (n) => (n ? (n / 1000).toFixed(1) : '')
  const all = [...rows.values()]
  const sum = (name) => all.reduce((s, r) => s + r[name], 0)
  const cells = (name, r) => [name, ...['page', 'files', 'API', 'fonts'].map((k) => kB(r[k])), kB(r.page + r.files + r.API), kB(r.served), kB(r.headers)]
  const total = Object.fromEntries(['page', 'files', 'API', 'fonts', 'served', 'headers', 'servedFonts'].map((k) => [k, sum(k)]))
  const weight = total.page + total.files + total.API
  const files = all.flatMap((r) => r.new).sort((a, b) => b.brotli - a.brotli)
  return 'kB in brotli, each address once; the last two columns are what really came through the wire, in whatever coding and as often as it came: bodies without fonts, and the headers of all answers.\n\n' +
    table(['', 'page', 'files', 'API', 'fonts', 'all but fonts', 'bodies served', 'headers'],
      [...[...rows].map(([name, r]) => cells(name, r)), cells('**sum**', total)]) +
    `\n${kB(weight)} kB of ${kB(AIM)} kB without fonts: ${weight <= AIM ? 'within the aim' : '**above the aim**'}. ` +
    `Fonts beside it: ${kB(total.fonts)} kB. Through the wire: ${kB(total.served)} kB of bodies, ${kB(total.headers)} kB of headers (HTTP/1.1, not packed), fonts ${kB(total.servedFonts)} kB.\n\nFiles:\n\n` +
    table(['file', 'asked for as', 'coding', 'kB brotli', 'kB served'],
      files.map((f) => [f.name, f.dest || 'none', f.coding || 'none', kB(f.brotli), kB(f.body)]))
}

await main(import.meta.url, run)
