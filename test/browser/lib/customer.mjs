// A customer at a device: fills in what pages ask, by mouse or by keyboard
// alone, and knows what the sample customer's papers say.
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import assert from 'node:assert/strict'

export const PASSWORD = 'Seal-my-2026!'

/** Elements that take part in the way; a page has one primary action. */
const primary = 'main .btn-primary:visible'

export class Customer {
  /** hand: 'mouse' or 'keyboard'. */
  constructor(page, demo, { login = 'hong', hand = 'mouse', password = PASSWORD } = {}) {
    Object.assign(this, { page, demo, hand, password, sample: demo.sample(login) })
  }

  async go(where) {
    await this.page.goto(new URL(where, this.demo.portal).href)
  }

  /** Walks to an element by Tab alone. */
  async tabTo(selector) {
    const wanted = this.page.locator(selector).first()
    await wanted.waitFor({ state: 'attached' })
    const handle = await wanted.elementHandle()
    for (let i = 0; i < 120; i++) {
      if (await handle.evaluate((el) => el === document.activeElement)) return
      await this.page.keyboard.press('Tab')
    }
    throw new Error(`Tab does not reach ${selector}`)
  }

  async fill(selector, value) {
    const field = this.page.locator(selector).first()
    if (this.hand === 'mouse') return field.fill(value)
    await this.tabTo(selector)
    await this.page.keyboard.press('Control+A')
    await this.page.keyboard.type(value)
  }

  async press(selector) {
    if (this.hand === 'mouse') return this.page.locator(selector).first().click()
    await this.tabTo(selector)
    await this.page.keyboard.press('Enter')
  }

  async tick(selector) {
    const box = this.page.locator(selector).first()
    if (await box.isChecked()) return
    if (this.hand === 'mouse') return box.check()
    await this.tabTo(selector)
    await this.page.keyboard.press('Space')
    assert.ok(await box.isChecked(), `${selector} is not checked by the space bar`)
  }

  /** Picks one of a group of radio buttons. */
  async choose(name, value) {
    const wanted = this.page.locator(`input[type=radio][name="${name}"][value="${value}"]`)
    if (this.hand === 'mouse') return wanted.check()
    const group = await this.page.locator(`input[type=radio][name="${name}"]`).all()
    for (const radio of group) {
      if ((await radio.getAttribute('tabindex')) === '-1') continue
    }
    // A group is one stop: Tab reaches the checked one, or the first.
    const checked = this.page.locator(`input[type=radio][name="${name}"]:checked`)
    const first = (await checked.count()) ? `input[type=radio][name="${name}"]:checked` : `input[type=radio][name="${name}"]`
    await this.tabTo(first)
    for (let i = 0; i <= group.length; i++) {
      if (await wanted.isChecked()) return
      await this.page.keyboard.press(i === 0 && !(await checked.count()) ? 'Space' : 'ArrowDown')
    }
    throw new Error(`arrow keys do not reach ${name}=${value}`)
  }

  async attach(selector, file) {
    if (this.hand === 'mouse') return this.page.locator(selector).setInputFiles(file)
    await this.tabTo(selector)
    const chooser = this.page.waitForEvent('filechooser')
    await this.page.keyboard.press('Space')
    await (await chooser).setFiles(file)
  }

  /** Presses the page's one primary action and waits until another page is there. */
  async next(where) {
    await Promise.all([this.page.waitForURL(where), this.press(primary)])
  }

  async login() {
    await this.go('/login')
    await this.fill('[name=loginId]', this.sample.loginId)
    await this.fill('[name=password]', this.sample.password)
    await Promise.all([this.page.waitForURL((u) => !u.pathname.startsWith('/login')), this.press('form:has([name=loginId]) [type=submit]')])
  }

  /** 인증서 발급: choose the kind. */
  async apply(kind = 'personal-bank') {
    await this.go('/apply')
    await this.choose('kind', kind)
    await this.next(/\/apply\/[A-Z2-7]{26}\/terms$/)
    this.application = /\/apply\/([A-Z2-7]{26})/.exec(this.page.url())[1]
  }

  async terms() {
    for (const box of await this.page.locator('input[type=checkbox][name=terms]').all()) {
      await this.tick(`#${await box.getAttribute('id')}`)
    }
    await this.next(/\/(identity|id-card)$/)
  }

  async picture() {
    const file = path.join(this.demo.folder, `card-${this.sample.number}.jpg`)
    await writeFile(file, await this.demo.picture(this.sample))
    return file
  }

  /** Fills in the ID card's page; the picture last. */
  async idCard({ issueDate, attach = true } = {}) {
    await this.open('id-card')
    const card = this.sample.cards.find((c) => c.standing === 'genuine')
    await this.choose('document', card.document)
    await this.fill('[name=name]', card.name || this.sample.name)
    await this.fill('[name=number]', card.number || this.sample.identityNumber)
    await this.fill('[name=issueDate]', issueDate ?? card.issueDate)
    if (card.licence) await this.fill('[name=licence]', card.licence)
    if (card.licence) await this.fill('[name=licence]', card.licence)
    if (attach) await this.attach('input[name=image]', await this.picture())
  }

  async account({ password } = {}) {
    await this.open('account')
    await this.fill('[name=account]', this.sample.account)
    await this.fill('[name=password]', password ?? this.sample.accountPassword)
  }

  async otp({ code } = {}) {
    await this.open('otp')
    await this.fill('[name=code]', code ?? (await this.demo.otp(this.sample)))
  }

  async phone({ code } = {}) {
    await this.open('phone')
    const before = (await this.demo.codes(this.sample)).length
    await this.press('form[action$="/phone/code"] [type=submit]')
    await this.page.waitForLoadState()
    for (let i = 0; (await this.demo.codes(this.sample)).length === before; i++) {
      assert.ok(i < 50, 'no message came')
      await this.page.waitForTimeout(100)
    }
    await this.fill('[name=code]', code ?? (await this.demo.code(this.sample)))
  }

  /** Is at a factor's page: where the way led, or by its address. */
  async open(factor) {
    if (!this.page.url().endsWith(`/${factor}`)) await this.go(`/apply/${this.application}/${factor}`)
  }

  /** All of 본인확인; a renewal asks for no card. */
  async identity(factors = ['idCard', 'account', 'otp', 'phone']) {
    for (const factor of factors) {
      await this[factor]()
      await Promise.all([this.page.waitForNavigation(), this.press(primary)])
      await this.noProblem()
    }
    assert.match(this.page.url(), /\/confirm$/)
  }

  async noProblem() {
    const notice = this.page.locator('main .notice-danger:visible')
    if (await notice.count()) assert.fail(`refused: ${await notice.first().innerText()}`)
  }

  async confirm() {
    await this.next(/\/key$/)
  }

  /** Begins to renew, reissue or resume one's newest certificate, or that of a serial, from its page. */
  async begin(way, serial) {
    await this.go('/certificates')
    const link = serial ? `main a.cert[href="/certificates/${serial}"]` : 'main a.cert'
    await Promise.all([this.page.waitForURL(/\/certificates\/[0-9a-f]+$/), this.press(link)])
    this.serial = this.page.url().split('/').at(-1)
    await Promise.all([this.page.waitForURL(new RegExp(`/${way}$`)), this.press(`main a.row[href$="/${way}"]`)])
    await this.next(/\/apply\/[A-Z2-7]{26}\//)
    this.application = /\/apply\/([A-Z2-7]{26})/.exec(this.page.url())[1]
  }

  /** Step 4: password twice, key made here; in a renewal `old` opens the old certificate. */
  async key({ medium = 'browser', old } = {}) {
    await this.page.locator('ingam-issue[data-state=idle]').waitFor()
    if (old) await this.fill('#old-password', old)
    await this.choose('medium', medium)
    const fields = await this.page.locator('ingam-new-password input').all()
    for (const field of fields) {
      const id = await field.getAttribute('id')
      if (await field.isVisible() && (await field.getAttribute('type')) !== 'checkbox') await this.fill(`#${id}`, this.password)
    }
    // What an earlier try was refused for stands there until this one begins.
    await this.page.locator('ingam-issue .notice-danger').evaluateAll((all) => all.forEach((old) => old.setAttribute('data-stale', '')))
    const refused = this.page.locator('ingam-issue .notice-danger:not([data-stale])')
    await this.press('ingam-issue .btn-primary:visible')
    await Promise.race([this.page.waitForURL(/\/done$/, { timeout: 60_000 }), refused.waitFor({ timeout: 60_000 }).catch(() => undefined)])
    if (await refused.count()) assert.fail(`refused: ${await refused.first().innerText()}`)
    await this.page.waitForURL(/\/done$/)
  }

  /** Enters the codes of a branch, at a browser that knows nobody. */
  async codes(reference, code) {
    await this.go('/redeem')
    await this.fill('[name=reference]', reference)
    await this.fill('[name=code]', code)
    await Promise.all([this.page.waitForNavigation(), this.press(primary)])
  }

  /** Likewise; they open the page where the key is made. */
  async redeem(reference, code) {
    await this.codes(reference, code)
    await this.noProblem()
    assert.match(this.page.url(), /\/apply\/[A-Z2-7]{26}\/key$/)
  }

  /** Logs in with the certificate of this browser. */
  async certificateLogin() {
    await this.page.context().clearCookies()
    await this.go('/login')
    await this.page.locator('ingam-certificate-login input[type=password]').fill(this.password)
    await Promise.all([this.page.waitForURL((u) => u.pathname === '/'), this.page.locator('ingam-certificate-login [type=submit]').click()])
  }

  /** At the page where the key is made, password typed: one press from the certificate. */
  async ready() {
    await this.login()
    await this.apply()
    await this.terms()
    await this.identity()
    await this.confirm()
    await this.typed()
  }

  /** Types the new password twice. */
  async typed() {
    await this.page.locator('ingam-issue[data-state=idle]').waitFor()
    for (const field of await this.page.locator('ingam-new-password input[type=password]').all()) await field.fill(this.password)
  }

  /** The whole issue, from the login to the certificate. */
  async issue(options) {
    await this.login()
    await this.apply()
    await this.terms()
    await this.identity()
    await this.confirm()
    await this.key(options)
  }
}
