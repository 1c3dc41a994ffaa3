// Speed of the SDK's own code beside WebCrypto's, and whether the page stays
// awake while the Worker makes keys. All in Chromium.
//
//   node bench/pages/crypto.mjs
import path from 'node:path'
import { launch } from '../../test/browser/lib/browser.mjs'
import { buildSdk, machine, main, median, root, serve, spread, table } from './lib.mjs'

// Fixed before anything was measured.
const ROUNDS = 15
const SIZE = 4 << 20
const ITERATIONS = 100_000
const KEYS = 20

export async function run() {
  const sdk = await buildSdk()
  const server = await serve({
    modules: path.join(sdk.folder, 'modules'), dist: path.join(sdk.folder, 'dist'),
    vectors: path.join(root, 'sdk/vectors/testdata'), bench: path.join(root, 'bench/pages'),
  })
  const browser = await launch()
  try {
    const page = await browser.newPage()
    await page.goto(server.url)
    const ask = (name, ...args) =>
      page.evaluate(async ([name, args]) => (await import('/bench/crypto.page.mjs'))[name](...args), [name, args])
    let text = `## Crypto in the browser\n${machine(browser)}\n`
    text += ciphers(await ask('ciphers', SIZE, ROUNDS))
    text += derivations(await ask('derivations', ITERATIONS, ROUNDS))
    text += await keys(ask)
    text += files(await ask('files', ROUNDS))
    return text + machine(browser)
  } finally {
    await browser.close()
    await server.stop()
    await sdk.remove()
  }
}

function ciphers(times) {
  const speed = (name) => times[name].map((t) => SIZE / 1000 / t) // bytes per ms / 1000 = MB/s
  const row = (what, own, web) => [what, spread(speed(own), 1), spread(speed(web)), (median(times[web]) / median(times[own])).toFixed(3)]
  return `MB/s over ${SIZE >> 20} MiB, median of ${ROUNDS} (min–max):\n\n` +
    table(['', 'SEED-CBC, own', 'AES-128-CBC, WebCrypto', 'ratio'],
      [row('encrypt', 'seedEncrypt', 'aesEncrypt'), row('decrypt', 'seedDecrypt', 'aesDecrypt')]) + '\n'
}

function derivations(times) {
  const row = (what, name, beside) => [what, spread(times[name], 1), (median(times[name]) / median(times[beside])).toFixed(2)]
  return `ms for ${ITERATIONS.toLocaleString('en')} iterations, one block of output, median of ${ROUNDS} (min–max):\n\n` +
    table(['', 'ms', 'of WebCrypto’s PBKDF2 with the same hash'], [
      row('PBKDF1-SHA1, own', 'pbkdf1', 'webSha1'),
      row('PBKDF2-SHA1, SDK', 'pbkdf2sha1', 'webSha1'),
      row('PBKDF2-SHA1, WebCrypto', 'webSha1', 'webSha1'),
      row('PBKDF2-SHA256, SDK', 'pbkdf2sha256', 'webSha256'),
      row('PBKDF2-SHA256, WebCrypto', 'webSha256', 'webSha256'),
    ]) + '\n'
}

async function keys(ask) {
  const rows = []
  for (const bits of [2048, 3072]) {
    const made = await ask('keys', bits, KEYS)
    const of = (name) => made.map((m) => m[name])
    rows.push([bits, spread(of('key')), spread(of('seal')), spread(of('request')), spread(of('all')), worst(of('frame')), worst(of('timer'))])
  }
  const still = await ask('quiet', 5000)
  rows.push(['nothing asked, 5 s', '', '', '', '', still.frame.toFixed(0), still.timer.toFixed(0)])
  return `Keys made in the Worker, ms, median of ${KEYS} (min–max); the page's longest silence between two frames and between two timers of 4 ms, the worst of all ${KEYS}:\n\n` +
    table(['RSA bits', 'key pair', 'sealing (PBKDF2 600,000)', 'request', 'all', 'frames', 'timers'], rows) + '\n'
}

const worst = (numbers) => Math.max(...numbers).toFixed(0)

function files({ times, gaps }) {
  const row = (what, name) => [what, spread(times[name], 1)]
  return `Key files of RSA-2048 in the Worker, ms, median of ${ROUNDS} (min–max); meanwhile the page's longest silence was ${gaps.frame.toFixed(0)} ms between frames, ${gaps.timer.toFixed(0)} ms between timers:\n\n` +
    table(['', 'ms'], [
      row('open: SEED, PBKDF1 2,048', 'openSeed'),
      row('open: AES-256, PBKDF2-SHA256 600,000', 'openAes'),
      row('open and sign 1 kB as CMS: SEED', 'signSeed'),
      row('open and sign 1 kB as CMS: AES-256', 'signAes'),
      row('WebCrypto’s RSA signature alone, key open', 'rsa'),
    ]) + '\n'
}

await main(import.meta.url, run)
