// The gallery of the portal's pages and states, served without a database.
import { spawn } from 'node:child_process'
import { root } from './demo.mjs'

export class Gallery {
  static async start() {
    const gallery = new Gallery()
    gallery.child = spawn('go', ['run', './test/gallery', '--listen', '127.0.0.1:0'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], detached: true })
    gallery.url = await new Promise((resolve, reject) => {
      let text = ''
      gallery.child.once('exit', (code) => reject(new Error(`the gallery ended with ${code}`)))
      gallery.child.stdout.on('data', (chunk) => {
        text += chunk
        const found = /https?:\/\/[^\s"]+/.exec(text)
        if (found && /\n/.test(text)) resolve(found[0].replace('127.0.0.1', 'localhost').replace(/\/$/, ''))
      })
    })
    gallery.pages = await (await fetch(`${gallery.url}/gallery.json`)).json()
    return gallery
  }

  /** Goes to a shot and waits until all of it is there. */
  async open(page, shot) {
    await page.goto(`${this.url}${shot.path}`)
    if (shot.element) await page.locator('ingam-gallery[data-state=ready]').waitFor({ state: 'attached' })
    await page.waitForFunction(() => !document.querySelector('body :not(:defined)') &&
      [...document.querySelectorAll('ingam-wallet, ingam-sign, ingam-certificate-login')].every((e) => e.dataset.state))
    await page.evaluate(() => document.fonts.ready.then(() => undefined))
  }

  /** Looks at shots, two at a time; gives all that was found wrong, with where. */
  async each(context, shots, look) {
    const wrong = []
    const left = [...shots]
    await Promise.all([1, 2].map(async () => {
      const page = await context.newPage()
      for (let shot = left.shift(); shot; shot = left.shift()) {
        await this.open(page, shot)
        for (const w of await look(page, shot)) wrong.push(`${shot.path}: ${w}`)
      }
      await page.close()
    }))
    return wrong
  }

  stop() {
    try {
      process.kill(-this.child.pid)
    } catch { /* gone already */ }
  }
}
