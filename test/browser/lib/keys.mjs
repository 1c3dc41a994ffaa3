// Hands that never leave the keyboard, and count what they press.
import assert from 'node:assert/strict'

/** How many keys a text takes: a Korean syllable as many as it has letters. */
const strokes = (text) => [...text.normalize('NFD')].length

export class Keys {
  pressed = 0
  began = Date.now()

  constructor(page) {
    this.page = page
  }

  async press(key, times = 1) {
    for (let i = 0; i < times; i++) await this.page.keyboard.press(key)
    this.pressed += times
  }

  async type(text) {
    await this.page.keyboard.type(text)
    this.pressed += strokes(text)
  }

  /** A key that leads to another page. */
  async leads(key, where) {
    await Promise.all([this.page.waitForURL(where), this.press(key)])
    await this.page.waitForLoadState('load')
  }

  /** What the hands would type into now. */
  at() {
    return this.page.evaluate(() => document.activeElement?.getAttribute('name') ?? document.activeElement?.textContent?.trim() ?? '')
  }

  async isAt(name) {
    assert.equal(await this.at(), name)
  }

  /** Tab until the field of a name; `most` is how far it may be. */
  async tabTo(name, most = 6) {
    for (let i = 0; i < most; i++) {
      if ((await this.at()) === name) return
      await this.press('Tab')
    }
    await this.isAt(name)
  }

  seconds() {
    return (Date.now() - this.began) / 1000
  }
}
