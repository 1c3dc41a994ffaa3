// What the timings of pages share: figures, tables, a small server, builds
// that nobody else writes into.
import { createServer } from 'node:http'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** The middle of some numbers. */
export function median(numbers) {
  const n = numbers.toSorted((a, b) => a - b)
  const half = n.length >> 1
  return n.length % 2 ? n[half] : (n[half - 1] + n[half]) / 2
}

/** "median (min–max)"; digits behind the point as asked. */
export function spread(numbers, digits = 0) {
  const show = (n) => n.toFixed(digits)
  return `${show(median(numbers))} (${show(Math.min(...numbers))}–${show(Math.max(...numbers))})`
}

/** A table in Markdown. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n') + '\n'
}

/** What a reader has to know about the machine at this moment. */
export function machine(browser) {
  const load = loadavg().map((n) => n.toFixed(1)).join(' ')
  return `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, load ${load}${browser ? `, Chromium ${browser.version()}` : ''}\n`
}

/** Prints what `run` says when this module is the program that was started. */
export async function main(url, run) {
  if (url !== pathToFileURL(process.argv[1]).href) return
  process.stdout.write(await run())
}

/** Builds the SDK into a new folder: modules/ each alone, dist/ as it is published. */
export async function buildSdk() {
  const folder = await mkdtemp(path.join(tmpdir(), 'ingam-bench-'))
  const sdk = path.join(root, 'sdk')
  for (const [config, to] of [['vite.test.config.ts', 'modules'], ['vite.config.ts', 'dist']]) {
    await build({
      root: sdk, configFile: path.join(sdk, config), logLevel: 'error',
      build: { outDir: path.join(folder, to), emptyOutDir: false },
    })
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.json': 'application/json', '.html': 'text/html; charset=utf-8' }

/** Serves folders by their first part of the path, on loopback. The page at / is empty. */
export async function serve(folders) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    const [, first, ...rest] = pathname.split('/')
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin') // a finer clock
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
    try {
      const blank = '<!doctype html><title>bench</title><link rel="icon" href="data:,">'
      const body = pathname === '/' ? blank : await readFile(path.join(folders[first], ...rest))
      response.setHeader('Content-Type', types[path.extname(pathname) || '.html'])
      response.end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${server.address().port}/`,
    stop: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
  }
}
