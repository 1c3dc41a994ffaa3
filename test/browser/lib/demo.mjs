// Starts the real demo bank for a test, and stops, kills and restarts it.
import { spawn, spawnSync, execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createWriteStream } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

// Folders have Korean names: Java and Chromium read them by the locale, and a
// bare machine has none.
process.env.LC_ALL = 'C.UTF-8'

export const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../../..')
export const run = promisify(execFile)
export const fixtures = path.join(root, '../shared/fixtures')

/** A running demo bank. `portal` is where a browser goes, `simulator` the tester's side. */
export class Demo {
  #child
  #args

  static async start() {
    const demo = new Demo()
    demo.folder = await mkdtemp(path.join(tmpdir(), 'ingam-browser-'))
    demo.log = path.join(demo.folder, 'server.log')
    demo.#args = ['demo', '--data', path.join(demo.folder, 'bank'), '--listen', '127.0.0.1:0', '--json', '--verbose', '--lang', 'en']
    await demo.#spawn()
    const port = new URL(demo.url).port
    demo.#args[4] = `127.0.0.1:${port}` // a bank that comes back is where it was
    const { samples } = await (await fetch(`${demo.simulator}/simulator/v1/samples`)).json()
    demo.samples = samples
    return demo
  }

  async #spawn() {
    const child = spawn(process.env.INGAMD ?? path.join(root, 'bin/ingamd'), this.#args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    child.stderr.pipe(createWriteStream(this.log, { flags: 'a' }))
    const guide = await new Promise((resolve, reject) => {
      let text = ''
      child.once('exit', (code) => reject(new Error(`ingamd demo ended with ${code}; see ${this.log}`)))
      child.stdout.on('data', (chunk) => {
        text += chunk
        try {
          resolve(JSON.parse(text))
        } catch { /* not all of it yet */ }
      })
    })
    Object.assign(this, { url: guide.url, simulator: guide.simulator, data: guide.data, root: guide.root })
    this.portal = guide.portal ?? guide.url.replace('127.0.0.1', 'localhost')
  }

  /** Ends the bank as a power cut would. */
  async kill() {
    await this.#end('SIGKILL')
  }

  async restart() {
    await this.#spawn()
  }

  async #end(signal) {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await ended
  }

  async stop() {
    await this.#end('SIGTERM')
    if (!process.env.INGAM_KEEP) await rm(this.folder, { recursive: true, force: true })
  }

  sample(loginId = 'hong') {
    return this.samples.find((s) => s.loginId === loginId)
  }

  async picture(sample, file) {
    const answer = await fetch(`${this.simulator}/simulator/v1/samples/${sample.number}/picture`)
    const bytes = Buffer.from(await answer.arrayBuffer())
    if (file) await (await import('node:fs/promises')).writeFile(file, bytes)
    return bytes
  }

  async otp(sample) {
    const answer = await (await fetch(`${this.simulator}/simulator/v1/otp?customer=${sample.number}`)).json()
    return answer.code
  }

  async messages(sample) {
    const answer = await (await fetch(`${this.simulator}/simulator/v1/inbox?to=${sample.phone}`)).json()
    return answer.messages
  }

  /** Waits until the sample's phone has a message that says so; the bank sends after the act, not within it. */
  async told(sample, what, seconds = 30) {
    for (const end = Date.now() + seconds * 1000; ;) {
      const texts = (await this.messages(sample)).map(({ text }) => text)
      const text = texts.find((t) => what.test(t))
      if (text) return text
      if (Date.now() > end) throw new Error(`no message says ${what}; there are:\n${texts.join('\n')}`)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }

  /** The messages to a sample's phone that bring a code of six digits; the bank tells of other things as well. */
  async codes(sample) {
    return (await this.messages(sample)).map(({ text }) => /\b\d{6}\b/.exec(text)?.[0]).filter(Boolean)
  }

  /** The six digits of the latest of them. */
  async code(sample) {
    return (await this.codes(sample)).at(-1)
  }

  /** Puts the bank's clock forward, to a moment or by so many minutes; what became due is done then. */
  async forward(to) {
    const clock = `${this.simulator}/simulator/v1/clock`
    const now = new Date((await (await fetch(clock)).json()).at)
    const at = typeof to === 'number' ? new Date(+now + to * 60_000) : to
    const answer = await fetch(clock, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ at: at.toISOString() }) })
    if (!answer.ok) throw new Error(`clock: ${answer.status} ${await answer.text()}`)
    return at
  }

  async faults(faults) {
    const answer = await fetch(`${this.simulator}/simulator/v1/faults`, {
      method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(faults),
    })
    if (!answer.ok) throw new Error(`faults: ${answer.status} ${await answer.text()}`)
  }

  async logText() {
    return readFile(this.log, 'utf8')
  }
}

/**
 * What OpenSSL finds in a PFX: `text` as it prints it, `key` the private key
 * in DER (PKCS #1). It checks that the key's numbers belong together.
 */
export async function opened(pfx, passwordFile) {
  const { stdout: text } = await run('openssl', ['pkcs12', '-in', pfx, '-passin', `file:${passwordFile}`, '-nodes'])
  const key = spawnSync('openssl', ['pkey', '-check', '-outform', 'DER'], { input: text })
  if (key.status !== 0) throw new Error(`openssl pkey: ${key.stderr}`)
  // "Key is valid" comes before the DER on the same stream.
  return { text, key: key.stdout.subarray(key.stdout.indexOf(0x30, key.stdout.indexOf('\n'))) }
}

/** The command-line wallet. */
export async function ingam(...args) {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', NO_COLOR: '1' }
  return run(path.join(root, 'bin/ingam'), args, { env })
}
