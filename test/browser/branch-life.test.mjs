// A certificate's life at the branch, each act by a teller and, where it needs
// one, a supervisor: an exception, a refusal, a return, suspension and its end at
// the same desk only, reissue, revocation, loss, renewal. What is held already was
// issued online. The clock only goes forward, so the renewal comes last.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { Demo } from './lib/demo.mjs'
import { close, device, launch } from './lib/browser.mjs'
import { Customer } from './lib/customer.mjs'
import { Home } from './lib/home.mjs'
import { ELSEWHERE, SUPERVISOR, Staff, TELLER } from './lib/staff.mjs'
import { words } from './lib/words.mjs'

const say = words('ko', 'console')
const DAY = 24 * 60

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

/** The states of a customer's certificates on their page, the live ones first. */
const states = (staff) => staff.page.locator('.certificates tbody tr > td:nth-of-type(1) .badge').evaluateAll((all) =>
  all.map((b) => [...b.classList].find((c) => c.startsWith('badge-')).slice('badge-'.length)))

/** Fetches at home what codes of the branch bring, and logs in with it. */
async function atHome(login, { reference, code }) {
  const context = await device(browser, { size: 'phone' })
  const customer = new Customer(await context.newPage(), demo, { login })
  await customer.redeem(reference, code)
  await customer.key()
  await customer.certificateLogin()
  await close(context, assert)
}

test('one more of the same kind: asked for, reasoned, approved; both are good', async () => {
  await new Home(demo, 'hong').issue()
  await teller.find('hong')
  // The kind that is held already is not offered as an ordinary issue.
  await teller.press('main a[href*="open?act=issue"]')
  assert.equal(await teller.page.locator('input[name=kind][value=personal-bank]').count(), 0)
  const why = '회사 컴퓨터에도 따로 두어야 하는 고객'
  await teller.receive('hong', 'exception', { wish: async (page) => {
    await page.locator('input[name=kind][value=personal-bank]').check()
    await page.locator('[name=why]').fill('왜')
    await teller.press('main form[action$="/open"] [type=submit]')
    await teller.refused(2411)
    assert.ok(await page.locator('input[name=kind][value=personal-bank]').isChecked(), 'what was chosen is kept')
    await page.locator('[name=why]').fill(why)
  } })
  await supervisor.open(teller.case)
  assert.ok((await supervisor.main()).includes(why), 'the supervisor reads why')
  await supervisor.decide(teller.case, 'approve')
  await atHome('hong', await teller.handOut())
  await teller.find('hong')
  assert.deepEqual(await states(teller), ['valid', 'valid'])
})

test('returned with what is missing, submitted again; then refused with the reason', async () => {
  const id = await teller.receive('jang', 'issue')
  await supervisor.open(id)
  await supervisor.press('form[action$="/decide"] button[value=return]')
  await supervisor.refused(2452) // not without a word
  await supervisor.decide(id, 'return', '신청서에 서명이 없어요')
  await teller.open(id)
  assert.equal(await teller.state(), 'open')
  assert.ok((await teller.main()).includes('신청서에 서명이 없어요'))
  await teller.submit()
  await supervisor.decide(id, 'refuse', '본인이 원하지 않아 거절해요')
  await teller.open(id)
  assert.equal(await teller.state(), 'refused')
  assert.ok((await teller.main()).includes('본인이 원하지 않아 거절해요'))
  assert.equal(await teller.page.locator('form[action$="/codes"], form[action$="/submit"]').count(), 0, 'there is nothing left to do')
  await teller.find('jang')
  assert.deepEqual(await states(teller), [])
})

test('suspended at once; resumed at the same branch only, with approval', async () => {
  const home = new Home(demo, 'kim')
  const serial = await home.issue()
  await teller.receive('kim', 'suspend', { serial })
  assert.equal(await teller.state(), 'done')
  assert.ok((await teller.main()).includes(say('notice.case-protected')))
  assert.equal(await home.status(serial), 'suspended')

  const other = await Staff.begin(browser, demo, ELSEWHERE)
  await other.find('kim', { why: '이사 온 고객의 창구 방문' })
  assert.equal(await other.page.locator('main form:has(input[value=resume]), main a[href*="act=resume"]').count(), 0)
  // And a form that is made up gets nowhere.
  await other.forge(`/console/customers/${demo.sample('kim').number}/open`, { act: 'resume', serial, visitor: 'self' })
  await other.refused(4015)
  await close(other.context, assert)

  const id = await teller.receive('kim', 'resume', { serial })
  assert.equal(await home.status(serial), 'suspended', 'not before it is approved')
  await supervisor.decide(id, 'approve')
  assert.equal(await home.status(serial), 'valid')
})

test('reissued: the old one ends, the new one is fetched at home', async () => {
  const home = new Home(demo, 'sample')
  const serial = await home.issue()
  await atHome('sample', await teller.codes(supervisor, 'sample', 'reissue', { serial }))
  await teller.find('sample')
  assert.deepEqual(await states(teller), ['valid', 'revoked'])
  assert.equal(await home.status(serial), 'revoked')
})

test('revoked for a reason, with approval', async () => {
  const home = new Home(demo, 'nguyen')
  const serial = await home.issue()
  const id = await teller.receive('nguyen', 'revoke', { serial, why: '관리점이 멀어 이곳에 온 고객',
    wish: (page) => page.locator('input[name=reason][value=cessation]').check() })
  assert.equal(await home.status(serial), 'valid')
  await supervisor.open(id)
  assert.ok((await supervisor.main()).includes(say('reason.cessation')))
  await supervisor.decide(id, 'approve')
  assert.equal(await home.status(serial), 'revoked')
})

test('lost: all that one has is suspended at once, after the card', async () => {
  const home = new Home(demo, 'choi')
  await home.issue()
  const why = '분실하고 가까운 영업점에 온 고객'
  // One of another kind, which no customer gets online.
  await home.redeem(await teller.codes(supervisor, 'choi', 'issue', { why }))
  await teller.find('choi')
  assert.deepEqual(await states(teller), ['valid', 'valid'])
  await teller.receive('choi', 'lost')
  assert.equal(await teller.state(), 'done')
  await teller.find('choi')
  assert.deepEqual(await states(teller), ['suspended', 'suspended'])
  assert.ok((await teller.main()).includes(say('b.warn.lost', { n: 2 })))
  await demo.told(demo.sample('choi'), /분실/)
})

test('renewed in the weeks before the end', async () => {
  const serial = await new Home(demo, 'lee').issue()
  await teller.find('lee')
  assert.equal(await teller.page.locator('main form:has(input[value=renew])').count(), 0, 'too early')
  await demo.forward(350 * DAY)
  // A year later nobody is logged in any more.
  await teller.go('/console/queue')
  assert.match(teller.page.url(), /\/console\/login/)
  await Promise.all([teller, supervisor].map((staff) => staff.login()))
  await atHome('lee', await teller.codes(supervisor, 'lee', 'renew', { serial }))
  await teller.find('lee')
  assert.deepEqual(await states(teller), ['valid', 'revoked'])
})

test('nothing strange happened in the browsers of the staff', async () => {
  await close(teller.context, assert)
  await close(supervisor.context, assert)
})
