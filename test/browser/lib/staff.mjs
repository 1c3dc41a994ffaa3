// Somebody who works at the bank, at a browser: logs in, finds a customer, and
// takes a case from the wish to the codes.
import assert from 'node:assert/strict'
import path from 'node:path'
import { device } from './browser.mjs'

/** Sample staff, by their numbers: two tellers and two supervisors of branch 012, one of each of 101. */
export const TELLER = '240117'
export const COLLEAGUE = '230508'
export const SUPERVISOR = '150302'
export const SECOND = '160909'
export const ELSEWHERE = '220611'

const CASE = /\/console\/cases\/([A-Z2-7]{26})$/

/** An authorization code, as slips and messages have it. */
export const CODE = /\b[0-9A-Z]{5}(-[0-9A-Z]{5}){3}\b/

export class Staff {
  constructor(page, demo, number) {
    Object.assign(this, { page, demo, number })
  }

  /** In a browser of one's own, logged in. */
  static async begin(browser, demo, number, options = {}) {
    const context = await device(browser, options)
    const staff = new Staff(await context.newPage(), demo, number)
    staff.context = context
    await staff.login()
    return staff
  }

  async go(where) {
    await this.page.goto(new URL(where, this.demo.portal).href)
  }

  /** By the bank's provider, as the demo plays it. */
  async login() {
    await this.go('/console/login')
    await Promise.all([this.page.waitForURL((u) => !u.pathname.startsWith('/console')), this.page.locator('main a[href^="/console/login/provider"]').click()])
    await Promise.all([this.page.waitForURL(/\/console\/(queue|customers|approvals)$/), this.page.locator(`button[name=number][value="${this.number}"]`).click()])
  }

  main() {
    return this.page.locator('main').innerText()
  }

  /** Presses what leads to another page. */
  async press(selector) {
    const target = this.page.locator(selector).first()
    await target.waitFor()
    await Promise.all([this.page.waitForNavigation(), target.click()])
  }

  /** A refusal on the page, by its number; fails when there is none, or another. */
  async refused(code) {
    const text = await this.page.locator('main #problem').innerText()
    assert.match(text, new RegExp(`\\(${code}\\)`))
    return text
  }

  /** A refusal on the page, whatever its number. */
  async noted() {
    await this.page.locator('main #problem').waitFor()
  }

  async noProblem() {
    const problem = this.page.locator('main #problem')
    if (await problem.count()) assert.fail(`refused: ${await problem.innerText()}`)
  }

  /** Sends a form that no page of theirs has, as this browser would. */
  async forge(where, fields) {
    await Promise.all([this.page.waitForNavigation(), this.page.evaluate(([action, all]) => {
      const form = document.createElement('form')
      Object.assign(form, { method: 'post', action })
      for (const [name, value] of Object.entries(all)) {
        const input = document.createElement('input')
        Object.assign(input, { type: 'hidden', name, value })
        form.append(input)
      }
      document.body.append(form)
      form.submit()
    }, [where, fields])])
  }

  /** The state of the case that is shown: open, waiting, submitted, … */
  state() {
    return this.page.locator('[data-case]').getAttribute('data-state')
  }

  /** Waits until the page shows a case in a state, by itself or after `reload`. */
  async standsAt(state, { by } = {}) {
    for (const end = Date.now() + 60_000; (await this.state()) !== state;) {
      if (Date.now() > end) assert.fail(`the case is ${await this.state()}, not ${state}`)
      await by?.()
      await this.page.reload()
    }
  }

  /** Finds a customer by name and birth date; whoever is the only one is shown at once. */
  async find(login, { why } = {}) {
    const who = this.demo.sample(login)
    await this.go('/console/customers')
    await this.page.locator('[name=name]').fill(who.name)
    if (who.birth) await this.page.locator('[name=birth]').fill(who.birth)
    await this.press('form[action="/console/customers"] [type=submit]')
    if (why) {
      await this.page.locator('[name=why]').fill(why)
      await this.press(`form[action="/console/customers/${who.number}"] [type=submit]`)
    }
    await this.page.waitForURL(new RegExp(`/console/customers/${who.number}$`))
    return who
  }

  /** Opens a case from the customer's page; `wish` fills in what the form asks. */
  async begin(act, { serial, wish } = {}) {
    const direct = this.page.locator(`main form[action$="/open"]:has(input[name=act][value="${act}"])${serial ? `:has(input[name=serial][value="${serial}"])` : ''} button`)
    if (await direct.count()) await Promise.all([this.page.waitForNavigation(), direct.first().click()])
    else {
      await this.press(`main a[href*="open?act=${act}"]${serial ? `[href$="&serial=${serial}"]` : ''}`)
      await wish?.(this.page)
      await this.press('main form[action$="/open"] [type=submit]')
    }
    await this.noProblem()
    assert.match(this.page.url(), CASE)
    this.case = CASE.exec(this.page.url())[1]
    return this.case
  }

  async open(id = this.case) {
    this.case = id
    await this.go(`/console/cases/${id}`)
  }

  /** A picture that passes for a paper of a sample. */
  async picture(login) {
    const file = path.join(this.demo.folder, `paper-${login}.png`)
    await this.demo.picture(this.demo.sample(login), file)
    return file
  }

  /** Types what a card says; `change` overwrites fields of it. */
  async type(login, { change = {}, holder, document } = {}) {
    const who = this.demo.sample(login)
    const all = who.cards.filter((c) => (c.holder ?? '') === (holder ?? '') && (!document || c.document === document))
    const card = { ...(all.find((c) => c.standing === 'genuine') ?? all[0]), ...change }
    const { page } = this
    await page.locator(`#document-${card.document}`).check()
    if (card.document === 'passport') await page.locator('[name=mrz]').fill(card.mrz)
    else await page.locator('[name=number]').fill(card.number)
    await page.locator('[name=name]').fill(card.name)
    await page.locator('[name=issueDate]').fill(card.issueDate)
    if (card.document === 'drivers-licence') {
      await page.locator('[name=licence]').fill(card.licence)
      await page.locator('[name=licenceSerial]').fill(card.licenceSerial)
    }
    if (card.expires && card.document === 'alien-registration-card') await page.locator('[name=expires]').fill(card.expires)
    if (await page.locator('[name=image]').count()) await page.locator('[name=image]').setInputFiles(await this.picture(login))
  }

  /** 진위확인: types the card and asks. */
  async prove(login, options) {
    await this.type(login, options)
    await this.ask()
  }

  async ask() {
    await this.press('form[action$="/prove"] .row-actions [type=submit]')
  }

  async attach(paper, login) {
    await this.page.locator('#paper').selectOption(paper)
    await this.page.locator('#scan').setInputFiles(await this.picture(login))
    await this.press('form[action$="/papers"] [type=submit]')
    await this.noProblem()
  }

  /** Ticks the originals that were seen and what was signed. */
  async tickAll() {
    for (const box of await this.page.locator('form[action$="/submit"] input[type=checkbox]').all()) await box.check()
  }

  /** Likewise, and submits. */
  async submit() {
    await this.tickAll()
    await this.press('form[action$="/submit"] [type=submit]')
    await this.noProblem()
  }

  /** From the customer's search to the supervisor. */
  async receive(login, act, { serial, wish, why } = {}) {
    await this.find(login, { why })
    await this.begin(act, { serial, wish })
    await this.prove(login)
    await this.noProblem()
    if ((await this.state()) === 'open') await this.submit()
    return this.case
  }

  /** A supervisor's word on a case. */
  async decide(id, verdict, note) {
    await this.open(id)
    if (note) await this.page.locator('form[action$="/decide"] [name=note]').fill(note)
    await this.press(`form[action$="/decide"] button[value=${verdict}]`)
    await this.noProblem()
  }

  /** Hands out codes on paper, or the code by message, and reads the slip. */
  async handOut(id = this.case, by = 'print') {
    await this.open(id)
    await this.press(`form[action$="/codes"] button[value=${by}]`)
    await this.noProblem()
    return this.slip()
  }

  /** What the slip says; its code is empty when that was sent. */
  async slip() {
    await this.page.waitForURL(/\/print\/slip$/)
    const groups = await this.page.locator('.sheet-groups').allInnerTexts()
    const [reference, code = ''] = groups.map((text) => text.trim().replace(/\s+/g, '-'))
    assert.match(reference.replaceAll('-', ''), /^\d{10}$/)
    if (code) assert.match(code, CODE)
    return { reference, code }
  }

  /** The whole way to the codes, with a supervisor at another browser. */
  async codes(supervisor, login, act, options) {
    const id = await this.receive(login, act, options)
    await supervisor.decide(id, 'approve')
    return this.handOut(id)
  }
}
