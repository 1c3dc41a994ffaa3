// At the counter: a teller by keyboard alone, a supervisor whose list tells of
// the case by itself, and the customer at home, by web and by command line.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { Demo } from './lib/demo.mjs'
import { close, device, launch } from './lib/browser.mjs'
import { Customer } from './lib/customer.mjs'
import { Home } from './lib/home.mjs'
import { Keys } from './lib/keys.mjs'
import { CODE, SUPERVISOR, Staff, TELLER } from './lib/staff.mjs'
import { words } from './lib/words.mjs'

const say = words('ko', 'console')

let demo, browser, teller, supervisor
before(async () => {
  demo = await Demo.start()
  browser = await launch()
  teller = await Staff.begin(browser, demo, TELLER)
  supervisor = await Staff.begin(browser, demo, SUPERVISOR)
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** Types the card of a sample's ID into the case's form, and its picture, from the keyboard. */
async function typeCard(keys, who, picture) {
  await keys.isAt('name')
  const [card] = who.cards
  await keys.type(card.name)
  await keys.press('Tab')
  await keys.isAt('number')
  await keys.type(card.number)
  await keys.press('Tab')
  await keys.isAt('issueDate')
  await keys.type(card.issueDate)
  await keys.press('Alt+f')
  await keys.isAt('image')
  const chooser = keys.page.waitForEvent('filechooser')
  await keys.press('Space')
  await (await chooser).setFiles(picture)
  await keys.page.locator('ingam-card-photo[data-state=chosen]').waitFor()
}

test('issue: by keyboard alone, approved, printed once, redeemed at home on a phone', async (t) => {
  const { page } = teller
  const who = demo.sample('hong')
  const picture = await teller.picture('hong')
  await supervisor.go('/console/approvals')
  const rows = supervisor.page.locator('table[data-rows] tbody tr')
  assert.equal(await rows.count(), 0)

  await teller.go('/console/customers')
  const keys = new Keys(page)
  await keys.isAt('name')
  await keys.type(`${who.name} ${who.birth.slice(2)}`)
  await keys.leads('Enter', new RegExp(`/console/customers/${who.number}$`))
  await keys.leads('i', /\/open\?act=issue$/)
  await keys.leads('g', /\/console\/cases\/[A-Z2-7]{26}$/)
  await typeCard(keys, who, picture)
  // Back to the date and Enter: a form is sent from its fields.
  await keys.press('Shift+Tab')
  await keys.isAt('issueDate')
  await Promise.all([page.waitForNavigation(), keys.press('Enter')])
  await teller.noProblem()
  await keys.isAt('seen')
  await keys.press('Space')
  await keys.tabTo('terms')
  await keys.press('Space')
  await Promise.all([page.waitForNavigation(), keys.press('g')])
  t.diagnostic(`teller, from the search to the supervisor: ${keys.pressed} keys, ${keys.seconds().toFixed(1)} s`)
  assert.ok((await teller.main()).includes(say('notice.case-submitted')))
  assert.equal(await teller.state(), 'submitted')
  const id = page.url().split('/').at(-1)

  // The supervisor's list tells of it, and nothing moves before that is asked for.
  await supervisor.page.locator('[data-news-text]', { hasText: say('b.news.queue', { n: 1 }) }).waitFor()
  assert.equal(await rows.count(), 0)
  await supervisor.page.waitForFunction(() => [...document.querySelectorAll('[data-count=approve]')].every((e) => e.textContent === '1'))
  await Promise.all([supervisor.page.waitForNavigation(), supervisor.page.keyboard.press('y')])
  assert.equal(await rows.count(), 1)
  await Promise.all([supervisor.page.waitForURL(new RegExp(`${id}$`)), supervisor.page.keyboard.press('Enter')])
  assert.equal(await supervisor.page.locator('.scans img').count(), 1, 'the scan is in view')
  await supervisor.page.keyboard.press('a') // goes to the button; a slip of the finger approves nothing
  assert.equal(await supervisor.state(), 'submitted')
  await Promise.all([supervisor.page.waitForURL(/\/console\/approvals$/), supervisor.page.keyboard.press('Enter')])
  assert.ok((await supervisor.main()).includes(say('notice.case-approve')))

  // The teller's page learns it without a reload; the codes are on one page, once.
  await page.locator('[data-badge] .badge-approved').waitFor()
  await Promise.all([page.waitForNavigation(), page.keyboard.press('y')])
  await Promise.all([page.waitForURL(/\/print\/slip$/), page.keyboard.press('p')])
  const { reference, code } = await teller.slip()
  await page.reload()
  assert.ok((await teller.main()).includes(say('print.slip.gone')))
  assert.equal(await page.locator('.sheet').count(), 0)

  const context = await device(browser, { size: 'phone' })
  const customer = new Customer(await context.newPage(), demo, { login: 'hong' })
  await customer.redeem(reference, code)
  await customer.key()
  await customer.page.locator('ingam-finish[data-state=here]').waitFor()
  await customer.go('/wallet')
  await customer.page.locator('ingam-wallet .cert').first().waitFor()
  assert.equal(await customer.page.locator('ingam-wallet .cert').count(), 1)
  await customer.certificateLogin()
  await close(context, assert)

  // It opens nothing a second time, and the case is over.
  const elsewhere = await device(browser, { size: 'phone' })
  const again = new Customer(await elsewhere.newPage(), demo, { login: 'hong' })
  await again.codes(reference, code)
  assert.match(await again.page.locator('#problem').innerText(), /\b2513\b/)
  assert.match(again.page.url(), /\/redeem$/)
  await close(elsewhere, assert)
  await teller.open(id)
  await teller.standsAt('done')
  assert.ok((await teller.main()).includes(say('b.codes.spent')))
})

test('redeemed on the command line', async () => {
  const codes = await teller.codes(supervisor, 'kim', 'issue')
  const home = new Home(demo, 'kim')
  await home.redeem(codes)
  const [{ serial, owner }, ...more] = await home.list()
  assert.deepEqual(more, [])
  assert.equal(owner, demo.sample('kim').name)
  assert.equal(await home.status(serial), 'valid')
  await teller.open()
  await teller.standsAt('done')
  home.npki += '-elsewhere'
  await assert.rejects(home.redeem(codes), /2513/)
})

test('the code by message: not on the slip, to the phone that the bank knows; what was printed before is dead', async () => {
  const printed = await teller.codes(supervisor, 'sample', 'issue')
  const { reference, code } = await teller.handOut(teller.case, 'message')
  assert.equal(code, '')
  assert.ok(!CODE.test(await teller.main()))
  const sent = CODE.exec(await demo.told(demo.sample('sample'), CODE))[0]
  const home = new Home(demo, 'sample')
  await assert.rejects(home.redeem(printed), /2515/)
  await home.redeem({ reference, code: sent })
  assert.equal((await home.list()).length, 1)

  // Who has no phone on record gets it on paper.
  await teller.receive('moo', 'issue')
  await supervisor.decide(teller.case, 'approve')
  await teller.open()
  await teller.press('form[action$="/codes"] button[value=message]')
  await teller.refused(2521)
  assert.ok((await teller.handOut()).code)
})

test('without script: plain forms from the login to the codes', async () => {
  const plain = await Staff.begin(browser, demo, TELLER, { javaScriptEnabled: false })
  const { reference, code } = await plain.codes(supervisor, 'lee', 'issue')
  assert.ok(reference && code)
  await close(plain.context, assert)
})

test('a business sends somebody: papers are asked for, and attached', async () => {
  const { name } = demo.sample('ingamco').cards.find((c) => c.holder === 'proxy')
  await teller.find('ingamco')
  await teller.begin('issue', { wish: async (page) => {
    await page.locator('input[name=visitor][value=proxy]').check()
    await page.locator('[name=visitorName]').fill(name)
  } })
  await teller.prove('ingamco', { holder: 'proxy' })
  await teller.noProblem()
  // Nothing goes on without its papers; what is missing is said.
  await teller.tickAll()
  await teller.press('form[action$="/submit"] [type=submit]')
  const missing = await teller.refused(2408)
  const papers = ['business-registration', 'corporate-seal', 'power-of-attorney']
  for (const paper of papers) assert.ok(missing.includes(say(`paper.${paper}`)), missing)
  for (const paper of papers) await teller.attach(paper, 'ingamco')
  await teller.submit()
  await supervisor.decide(teller.case, 'approve')
  const { reference, code } = await teller.handOut()
  const context = await device(browser, { size: 'phone' })
  const customer = new Customer(await context.newPage(), demo, { login: 'ingamco' })
  await customer.redeem(reference, code)
  await customer.key()
  await close(context, assert)
})

test('another branch\'s customer is shown for a reason', async () => {
  const who = demo.sample('choi')
  assert.notEqual(who.branch, '012')
  await teller.go(`/console/customers/${who.number}`)
  assert.ok((await teller.main()).includes(say('b.explain.title')))
  assert.ok(!(await teller.page.content()).includes(who.name), 'nothing of them before that')
  await teller.page.locator('[name=why]').fill('왜')
  await teller.press(`form[action="/console/customers/${who.number}"] [type=submit]`)
  assert.ok(!(await teller.page.content()).includes(who.name), 'two letters are no reason')
  await teller.page.locator('[name=why]').fill('이사 온 고객의 창구 방문')
  await teller.press(`form[action="/console/customers/${who.number}"] [type=submit]`)
  assert.ok((await teller.main()).includes(who.name))
  assert.ok((await teller.main()).includes(say('b.flag.elsewhere')))
})

test('nothing strange happened in the browsers of the staff', async () => {
  await close(teller.context, assert)
  await close(supervisor.context, assert)
})
