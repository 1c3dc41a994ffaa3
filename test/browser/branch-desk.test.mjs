// What goes wrong at a counter, and who may not: a supervisor with a case of
// their own, two tellers with one customer, cards that do not hold, the service
// that confirms them gone and back. The staff log in by passkey as well.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { Demo } from './lib/demo.mjs'
import { close, device, launch } from './lib/browser.mjs'
import { COLLEAGUE, SECOND, SUPERVISOR, Staff, TELLER } from './lib/staff.mjs'
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

test('in by passkey, once one was added; out everywhere at once', async () => {
  const elsewhere = await Staff.begin(browser, demo, COLLEAGUE)
  const context = await device(browser)
  const staff = new Staff(await context.newPage(), demo, COLLEAGUE)
  const devtools = await context.newCDPSession(staff.page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  })
  await staff.login()
  await staff.go('/console/account')
  await staff.page.locator('#passkey-name').fill('창구 3번')
  await Promise.all([staff.page.waitForURL(/\/console\/account\?added$/), staff.page.locator('ingam-staff-passkey [type=submit]').click()])
  assert.ok((await staff.main()).includes('창구 3번'))
  await staff.press('form[action="/console/logout"] button')
  await staff.go('/console/queue')
  assert.match(staff.page.url(), /\/console\/login/)
  await Promise.all([staff.page.waitForURL(/\/console\/queue$/), staff.page.locator('ingam-staff-login button').first().click()])
  await elsewhere.go('/console/queue')
  assert.match(elsewhere.page.url(), /\/console\/queue$/)
  await staff.go('/console/account')
  await staff.press('form[action="/console/account/sessions"] button')
  for (const one of [staff, elsewhere]) {
    await one.go('/console/queue')
    assert.match(one.page.url(), /\/console\/login/)
  }
  await close(elsewhere.context, assert)
  await close(context, assert)
})

test('a supervisor decides nothing of their own; another one does', async () => {
  const id = await supervisor.receive('jang', 'issue')
  assert.equal(await supervisor.state(), 'submitted')
  await supervisor.open(id)
  assert.equal(await supervisor.page.locator('form[action$="/decide"]').count(), 0)
  assert.ok((await supervisor.main()).includes(say('b.decide.not.own')))
  const revision = await supervisor.page.locator('[data-case]').getAttribute('data-revision')
  await supervisor.forge(`/console/cases/${id}/decide`, { verdict: 'approve', note: '', revision })
  assert.match(await supervisor.main(), /\(10\d\d\)/)
  await supervisor.open(id)
  assert.equal(await supervisor.state(), 'submitted')
  // Nor does a teller decide, not even by a form of their own making.
  await teller.open(id)
  assert.equal(await teller.page.locator('form[action$="/decide"]').count(), 0)
  await teller.forge(`/console/cases/${id}/decide`, { verdict: 'approve', note: '', revision })
  assert.match(await teller.main(), /\(10\d\d\)/)
  const second = await Staff.begin(browser, demo, SECOND)
  await second.decide(id, 'approve')
  await second.open(id)
  assert.equal(await second.state(), 'approved')
  await close(second.context, assert)
})

test('two tellers, one customer: the second is led to the case and takes it over; the first is told, and nothing is lost', async () => {
  const colleague = await Staff.begin(browser, demo, COLLEAGUE)
  await teller.find('kim')
  await colleague.find('kim')
  const id = await teller.begin('issue')
  await colleague.press('main a[href*="open?act=issue"]')
  await colleague.press('main form[action$="/open"] [type=submit]')
  await colleague.refused(2404)
  await colleague.press(`main a[href="/console/cases/${id}"]`)
  assert.ok((await colleague.main()).includes(say('b.case.take')))
  assert.equal(await colleague.page.locator('form[action$="/prove"]').count(), 0, 'it is not theirs yet')

  // The first has attached a scan and types the card while it is taken over.
  await teller.attach('identity-card', 'kim')
  await colleague.open(id)
  await teller.type('kim')
  await colleague.press('form[action$="/take"] button')
  assert.ok((await colleague.main()).includes(say('notice.case-taken')))
  await teller.ask()
  await teller.refused(2403)
  assert.equal(await teller.page.locator('form[action$="/prove"]').count(), 0)
  // What was attached is there, and the second goes on to the end.
  await colleague.open(id)
  assert.ok(await colleague.page.locator('.scans img').count() >= 1)
  await colleague.prove('kim')
  await colleague.noProblem()
  await colleague.submit()
  // The first, whose page still shows the form of before, is told where it stands.
  await teller.open(id)
  assert.equal(await teller.state(), 'submitted')
  await supervisor.decide(id, 'approve')
  await close(colleague.context, assert)
})

test('another date than the issuer\'s: said with what was typed kept, then corrected', async () => {
  await teller.find('lim')
  await teller.begin('issue')
  await teller.prove('lim', { change: { issueDate: '20010203' } })
  await teller.noted()
  const { page } = teller
  assert.equal(await page.locator('[name=issueDate]').inputValue(), '20010203')
  assert.equal(await page.locator('[name=name]').inputValue(), demo.sample('lim').name)
  assert.equal(await page.locator('[name=number]').inputValue(), '', 'the number is typed again')
  await teller.prove('lim')
  await teller.noProblem()
  await teller.submit()
  assert.equal(await teller.state(), 'submitted')
})

test('a card that was reported lost ends the case, and the next teller is warned', async () => {
  await teller.find('park')
  await teller.begin('issue')
  await teller.prove('park')
  assert.equal(await teller.state(), 'refused')
  assert.match(await teller.main(), /\(2422\)/)
  assert.equal(await teller.page.locator('form[action$="/prove"], form[action$="/submit"]').count(), 0)
  await teller.find('park')
  assert.ok((await teller.main()).includes(say('b.warn.finding')))
})

test('the service that confirms cards is down: the case waits, goes on by itself, and the page learns it', async () => {
  const { page } = teller
  await teller.find('hong')
  const id = await teller.begin('issue')
  try {
    await demo.faults({ faults: [{ service: 'idcheck', mode: 'status' }] })
    await teller.prove('hong')
    assert.equal(await teller.state(), 'waiting')
    assert.ok((await teller.main()).includes(say('b.case.waiting')))
    assert.equal(await page.locator('.scans img').count(), 1, 'the picture is kept')
    await demo.forward(2)
    await teller.open(id)
    assert.equal(await teller.state(), 'waiting', 'asked again in vain')
    await teller.go('/console/queue?list=waiting')
    assert.equal(await page.locator(`main a[href="/console/cases/${id}"]`).count(), 1)
    await teller.open(id)
  } finally {
    await demo.faults({ faults: [] })
  }
  await demo.forward(5)
  // Nobody reloads: the badge changes, and the rest is offered.
  await page.locator('[data-badge] .badge-open').waitFor()
  await page.locator('[data-news]:visible').waitFor()
  await Promise.all([page.waitForNavigation(), page.locator('[data-news-load]').click()])
  assert.ok((await teller.main()).includes(say('b.identity.done')))
  await teller.submit()
  await supervisor.decide(id, 'approve')
  const { reference } = await teller.handOut(id)
  assert.ok(reference)
})

test('nothing strange happened in the browsers of the staff', async () => {
  await close(teller.context, assert)
  await close(supervisor.context, assert)
})
