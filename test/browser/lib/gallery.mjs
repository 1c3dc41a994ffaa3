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

  stop() {
    try {
      process.kill(-this.child.pid)
    } catch { /* gone already */ }
  }
}
