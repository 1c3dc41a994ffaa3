// From the last step's button to a certificate that is stored in the browser's
// wallet, with what of it was making the key. Real demo bank on SQLite; each
// time another customer on a device of its own.
//
//   node bench/pages/issue.mjs
import { fileURLToPath } from 'node:url'
import { Demo } from '../../test/browser/lib/demo.mjs'
import { device, launch } from '../../test/browser/lib/browser.mjs'
import { Customer } from '../../test/browser/lib/customer.mjs'
import { machine, main, spread, table } from './lib.mjs'

// Fixed before anything was measured.
const ROUNDS = 20

/** Samples whose papers are in order; a bank is good for one certificate each. */
const customers = ['hong', 'kim', 'lee', 'sample', 'nguyen', 'han', 'ohn']

export async function run() {
  const browser = await launch()
  const rounds = []
  let demo
  try {
    while (rounds.length < ROUNDS) {
      const login = customers[rounds.length % customers.length]
      if (login === customers[0]) {
        await demo?.stop()
        demo = await Demo.start()
      }
      rounds.push(await one(browser, demo, login))
    }
    return `## From the last click to a stored certificate\n${machine(browser)}\n${report(rounds)}`
  } finally {
    await browser.close()
    await demo?.stop()
  }
}

/** One customer's whole way; the moments of the last step. */
async function one(browser, demo, login) {
  const context = await device(browser)
  const moments = {}
  await context.exposeBinding('ingamMoment', (_, name, at) => void (moments[name] ??= at))
  await context.addInitScript({ path: fileURLToPath(new URL('issue.page.js', import.meta.url)) })
  const customer = new Customer(await context.newPage(), demo, { login })
  await customer.issue()
  for (let i = 0; !moments.page && i < 100; i++) await new Promise((resolve) => setTimeout(resolve, 20))
  await context.close()
  return moments
}

function report(rounds) {
  const row = (what, from, to) => [what, spread(rounds.map((m) => m[to] - m[from]))]
  const without = rounds.map((m) => m.done - m.click - (m.seal - m.key))
  return `ms, median of ${ROUNDS} (min–max):\n\n` + table(['', 'ms'], [
    ['**click to stored, without making the key pair**', `**${spread(without)}**`],
    row('click to stored, all of it', 'click', 'done'),
    row('… the form, opening the wallet, starting the Worker', 'click', 'key'),
    row('… RSA key pair, in the Worker', 'key', 'seal'),
    row('… sealing it: PBKDF2 600,000 and AES', 'seal', 'request'),
    row('… EncryptedVID, request, its signature', 'request', 'made'),
    row('… storing the sealed key', 'made', 'sending'),
    row('… the service: checks, two transactions, signature', 'sending', 'storing'),
    row('… checking and storing the certificate', 'storing', 'done'),
    row('stored, to the next page read', 'done', 'page'),
  ])
}

await main(import.meta.url, run)
