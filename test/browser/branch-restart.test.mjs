// The bank is killed in the middle of each flow of a branch, as by a power cut,
// and comes back: who works there goes on where they were, logged in, and so does
// the customer at home. The clock goes forward at the end only: the command-line
// wallet goes by the real one.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { Demo } from './lib/demo.mjs'
import { close, device, launch } from './lib/browser.mjs'
import { Customer } from './lib/customer.mjs'
import { Home } from './lib/home.mjs'
import { SUPERVISOR, Staff, TELLER } from './lib/staff.mjs'

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

async function powerCut() {
  await demo.kill()
  await demo.restart()
}

/** What is sent at this moment reaches a bank that is gone; it is sent again when the bank is back. */
async function cutOff(staff, selector) {
  await demo.kill()
  await staff.page.locator(selector).first().click()
  await staff.page.waitForURL(/^chrome-error:/)
  await demo.restart()
}

test('issue: before the card, while it is sent, after it, after each signature, and while it is redeemed', async () => {
  await teller.find('hong')
  const id = await teller.begin('issue')
  await powerCut()
  await teller.type('hong')
  await cutOff(teller, 'form[action$="/prove"] .row-actions [type=submit]')
  await teller.open(id)
  assert.equal(await teller.state(), 'open')
  await teller.prove('hong')
  await teller.noProblem()
  await powerCut()
  await teller.open(id)
  assert.equal(await teller.page.locator('form[action$="/prove"]').count(), 0, 'the card is confirmed still')
  assert.ok(await teller.page.locator('.scans img').count(), 'and its scan is there')
  await teller.submit()
  await powerCut()
  await supervisor.decide(id, 'approve')
  await powerCut()
  const first = await teller.handOut(id)
  await powerCut()

  // The slip is on the teller's screen still; its codes are good.
  const context = await device(browser, { size: 'phone' })
  const customer = new Customer(await context.newPage(), demo, { login: 'hong' })
  await customer.redeem(first.reference, first.code)
  await powerCut()
  await customer.page.reload()
  assert.match(customer.page.url(), /\/key$/, 'who has shown the codes needs no second time')
  await customer.typed()
  // The key is made and the request is out when nobody answers any more.
  await customer.page.route('**/certificate', async (route) => {
    await demo.kill()
    await route.continue()
  }, { times: 1 })
  await customer.press('ingam-issue .btn-primary:visible')
  const failed = customer.page.locator('ingam-issue[data-state=failed]')
  await failed.waitFor({ timeout: 60_000 })
  await demo.restart()
  await failed.locator('.notice button').first().click()
  await customer.page.waitForURL(/\/done$/, { timeout: 60_000 })
  await customer.page.locator('ingam-finish[data-state=here]').waitFor()
  await customer.certificateLogin()
  await close(context, assert)
  await teller.open(id)
  await teller.standsAt('done')
})

test('suspended, resumed, revoked: what was sent when the bank died is sent again, and done once', async () => {
  const home = new Home(demo, 'sample')
  const serial = await home.issue()
  await teller.find('sample')
  await teller.begin('suspend', { serial })
  await teller.type('sample')
  await cutOff(teller, 'form[action$="/prove"] .row-actions [type=submit]')
  assert.equal(await home.status(serial), 'valid')
  await teller.open()
  await teller.prove('sample')
  assert.equal(await teller.state(), 'done')
  await powerCut()
  assert.equal(await home.status(serial), 'suspended')

  for (const [act, state] of [['resume', 'valid'], ['revoke', 'revoked']]) {
    const id = await teller.receive('sample', act, { serial, wish: (page) => page.locator('input[name=reason][value=cessation]').check() })
    await supervisor.open(id)
    await cutOff(supervisor, 'form[action$="/decide"] button[value=approve]')
    await teller.open(id)
    assert.equal(await teller.state(), 'submitted')
    await supervisor.decide(id, 'approve')
    await powerCut()
    assert.equal(await home.status(serial), state)
  }
})

for (const [act, login] of [['reissue', 'lee'], ['exception', 'lim']]) {
  test(`${act}: after each person's part`, async () => {
    const home = new Home(demo, login)
    const serial = await home.issue()
    const about = act === 'exception' ? { wish: async (page) => {
      await page.locator('input[name=kind][value=personal-bank]').check()
      await page.locator('[name=why]').fill('다른 기기에서도 써야 하는 고객')
    } } : { serial }
    const id = await teller.receive(login, act, about)
    await powerCut()
    await supervisor.decide(id, 'approve')
    await powerCut()
    const codes = await teller.handOut(id)
    await powerCut()
    await home.redeem(codes)
    const all = await home.list()
    const fresh = all.find((c) => c.serial !== serial)
    assert.equal(await home.status(fresh.serial), 'valid')
    assert.equal(await home.status(serial), act === 'reissue' ? 'revoked' : 'valid')
    await teller.open(id)
    await teller.standsAt('done')
  })
}

test('lost: sent when the bank died, sent again, and lasting', async () => {
  const home = new Home(demo, 'nguyen')
  const serial = await home.issue()
  await teller.find('nguyen', { why: '분실하고 가까운 영업점에 온 고객' })
  await teller.begin('lost')
  await teller.type('nguyen')
  await cutOff(teller, 'form[action$="/prove"] .row-actions [type=submit]')
  assert.equal(await home.status(serial), 'valid')
  await teller.open()
  await teller.prove('nguyen')
  assert.equal(await teller.state(), 'done')
  await powerCut()
  assert.equal(await home.status(serial), 'suspended')
})

test('renewal: after each person\'s part, and while it is redeemed', async () => {
  const serial = await new Home(demo, 'ohn').issue()
  await demo.forward(350 * 24 * 60)
  await Promise.all([teller, supervisor].map((staff) => staff.login()))
  const id = await teller.receive('ohn', 'renew', { serial, why: '기한 전에 가까운 영업점에 온 고객' })
  await powerCut()
  await supervisor.decide(id, 'approve')
  await powerCut()
  const { reference, code } = await teller.handOut(id)
  await powerCut()
  const context = await device(browser, { size: 'phone' })
  const customer = new Customer(await context.newPage(), demo, { login: 'ohn' })
  await customer.redeem(reference, code)
  await powerCut()
  await customer.page.reload()
  await customer.key()
  await customer.certificateLogin()
  await close(context, assert)
  await teller.open(id)
  await teller.standsAt('done')
})

test('a case that waits for the service outlives the bank', async () => {
  await teller.find('kim')
  const id = await teller.begin('issue')
  await demo.faults({ faults: [{ service: 'idcheck', mode: 'status' }] })
  await teller.prove('kim')
  assert.equal(await teller.state(), 'waiting')
  await powerCut() // and with it comes the service
  await demo.forward(5)
  await teller.open(id)
  await teller.standsAt('open')
  await teller.submit()
  assert.equal(await teller.state(), 'submitted')
})

test('nothing strange happened in the browsers of the staff', async () => {
  await close(teller.context, assert)
  await close(supervisor.context, assert)
})
