// What a customer is refused: the page says what happened and what to do, with
// a number and the call centre's; what was typed is there, but for secrets; and
// the customer can go on.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { deflateSync } from 'node:zlib'
import { Demo } from './lib/demo.mjs'
import { close, device, launch } from './lib/browser.mjs'
import { Customer } from './lib/customer.mjs'
import { words } from './lib/words.mjs'

const CALL = '1588-0000'
const primary = 'main .btn-primary:visible'

let demo, browser
before(async () => {
  demo = await Demo.start()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** Sends the page's form, whatever the browser itself would say about it. */
async function send(c) {
  await c.page.locator('main form').first().evaluate((form) => { form.noValidate = true })
  await Promise.all([c.page.waitForNavigation(), c.press(primary)])
}

/** The refusal on the page: number, words, place of the focus. Gives its text. */
async function refused(c, code, { field } = {}) {
  const notice = c.page.locator('main .notice-danger').first()
  await notice.waitFor()
  const text = await notice.innerText()
  assert.match(text, new RegExp(`\\b${code}\\b`), 'the number of the refusal')
  assert.ok(text.includes(CALL), `the call centre's number: ${text}`)
  assert.equal(await notice.locator(`a[href="tel:${CALL.replace(/\D/g, '')}"], a[href^="tel:"]`).count() > 0, true)
  assert.ok((await notice.locator('.notice-title').innerText()).length > 4, 'what happened')
  assert.ok((await notice.locator('p:not(.notice-title):not(.notice-code)').first().innerText()).length > 8, 'what to do')
  assert.doesNotMatch(text, /[{}]|undefined|unexpected/i)
  if (field) {
    const named = c.page.locator(`[id="${field}"]`)
    const described = (await named.getAttribute('aria-describedby')) ?? ''
    assert.match(described, new RegExp(`${field}-error`), 'it stands beside its field')
    assert.ok((await c.page.locator(`[id="${field}-error"]`).innerText()).trim(), 'and says why')
  }
  return text
}

const value = (c, name) => c.page.locator(`[name=${name}]`).inputValue()

/** Logged in, the terms agreed to: at the proofs. */
async function proving(login, options) {
  const context = await device(browser, options)
  const c = new Customer(await context.newPage(), demo, { login })
  await c.login()
  await c.apply()
  await c.terms()
  return [context, c]
}

/** Sends the form and is let through. */
async function through(c) {
  await Promise.all([c.page.waitForNavigation(), c.press(primary)])
  await c.noProblem()
}

test('a wrong password, until the login rests; others can log in', async () => {
  const context = await device(browser)
  const c = new Customer(await context.newPage(), demo, { login: 'ohn' })
  await c.go('/login?next=/center')
  for (let tries = 1; ; tries++) {
    await c.fill('[name=loginId]', c.sample.loginId)
    await c.fill('[name=password]', 'not-the-password')
    await send(c)
    const text = await c.page.locator('#problem').innerText()
    assert.equal(await value(c, 'loginId'), c.sample.loginId, 'the id is kept')
    assert.equal(await value(c, 'password'), '', 'the password is not')
    if (/\b2002\b/.test(text)) {
      assert.match(await refused(c, 2002), /\d{1,2}:\d{2}/, 'until when')
      assert.ok(tries >= 5 && tries <= 6, `it rests after ${tries}`)
      break
    }
    await refused(c, 2001, { field: 'password' })
    assert.ok(tries < 6, 'it never rests')
  }
  await c.fill('[name=password]', c.sample.password)
  await send(c)
  await refused(c, 2002) // the right one does not help now
  assert.equal(await c.page.evaluate(() => document.activeElement?.id), 'problem', 'one begins to read at the refusal')

  const other = demo.sample('lim')
  await c.fill('[name=loginId]', other.loginId)
  await c.fill('[name=password]', other.password)
  await Promise.all([c.page.waitForURL(/\/center$/), c.press(primary)])
  await close(context, assert)
})

for (const lang of ['ko', 'en']) {
  test(`another date of issue, then the right one: ${lang}`, async () => {
    const [context, c] = await proving(lang === 'ko' ? 'hong' : 'nguyen', { lang, size: lang === 'ko' ? 'phone' : 'desktop' })
    await c.idCard({ issueDate: '20010203' })
    await send(c)
    assert.match(await refused(c, 3201), lang === 'ko' ? /4번/ : /\b4\b/, 'how many are left')
    assert.equal(await value(c, 'issueDate'), '20010203')
    assert.equal(await value(c, 'name'), c.sample.name)
    assert.equal(await c.page.locator('[name=document]:checked').count(), 1)
    assert.equal(await value(c, 'number'), '', 'the number is asked for again')
    await c.idCard()
    await through(c)
    await close(context, assert)
  })
}

test('no picture, one that is no picture, one that is too small', async () => {
  const [context, c] = await proving('kim', { size: 'phone' })
  await c.idCard({ attach: false })
  await send(c)
  await refused(c, 1043, { field: 'image' })
  assert.equal(await value(c, 'issueDate'), c.sample.cards[0].issueDate, 'what was typed is there')

  const say = words('ko')
  await c.attach('input[name=image]', { name: 'card.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture at all') })
  await c.page.locator('ingam-card-photo[data-state=refused] .notice-danger').waitFor()
  assert.equal(await value(c, 'image'), '', 'nothing is sent that is no picture')

  await c.idCard({ attach: false })
  const small = path.join(demo.folder, 'small.png')
  await writeFile(small, png(320, 200))
  await c.attach('input[name=image]', small)
  await c.page.locator('ingam-card-photo[data-state=chosen]').waitFor()
  assert.ok((await c.page.locator('ingam-card-photo .notice').innerText()).includes(say('el.photo.small')), 'said before it is sent')
  await send(c)
  await refused(c, 3013, { field: 'image' })
  await c.idCard()
  await through(c)
  await close(context, assert)
})

test('a wrong account password five times: that step rests, the others go on', async () => {
  const [context, c] = await proving('lim')
  for (let tries = 1; ; tries++) {
    await c.account({ password: '0000' })
    await send(c)
    const text = await c.page.locator('#problem').innerText()
    if (/\b3601\b/.test(text)) {
      assert.match(await refused(c, 3601), /\d{1,2}:\d{2}/, 'until when')
      assert.ok(tries >= 5 && tries <= 6, `it rests after ${tries}`)
      break
    }
    await refused(c, 3301, { field: 'password' })
    assert.equal(await value(c, 'account'), c.sample.account)
    assert.equal(await value(c, 'password'), '')
    assert.ok(tries < 6, 'it never rests')
  }
  await c.go(`/apply/${c.application}/identity`)
  assert.match(await c.page.locator('main .list li', { hasText: words('ko')('p.factor.account') }).innerText(), /\d{1,2}:\d{2}/)
  await c.otp()
  await through(c)
  await close(context, assert)
})

test('a wrong one-time password, a wrong code, then the right ones', async () => {
  const [context, c] = await proving('bae', { lang: 'en' })
  const right = await demo.otp(c.sample)
  await c.otp({ code: right === '000000' ? '111111' : '000000' })
  await send(c)
  await refused(c, 3401, { field: 'code' })
  assert.equal(await value(c, 'code'), '')
  await c.otp()
  await through(c)

  await c.phone({ code: '1' })
  await send(c)
  await refused(c, 3004, { field: 'code' })
  const sent = await demo.code(c.sample)
  await c.fill('[name=code]', sent === '000000' ? '111111' : '000000')
  await send(c)
  await refused(c, 3501, { field: 'code' })
  await c.fill('[name=code]', sent)
  await through(c)
  await close(context, assert)
})

test('a service that is down: nothing is lost or counted, and it goes on when it is back', async () => {
  const [context, c] = await proving('sample')
  try {
    await demo.faults({ faults: [{ service: 'idcheck', mode: 'status' }] })
    await c.idCard()
    await send(c)
    await refused(c, 3101)
    assert.equal(await value(c, 'name'), c.sample.name)

    await demo.faults({ faults: [{ service: 'corebank/accounts', mode: 'reset' }] })
    await c.account()
    await send(c)
    await refused(c, 3102)
    assert.equal(await value(c, 'account'), c.sample.account)

    await demo.faults({ faults: [{ service: 'corebank/otp', mode: 'malformed' }] })
    await c.otp()
    await send(c)
    await refused(c, 3102)

    await demo.faults({ faults: [{ service: 'message', mode: 'status', status: 500 }] })
    await c.open('phone')
    await Promise.all([c.page.waitForNavigation(), c.press('form[action$="/phone/code"] [type=submit]')])
    await refused(c, 3103)
  } finally {
    await demo.faults({ faults: [] })
  }
  await c.identity()
  await close(context, assert)
})

// Whose papers or record stand in the way. Without script: refusals need none.
const people = [
  { login: 'yoon', at: 'apply', code: 2115, why: 'under 14' },
  { login: 'koh', at: 'apply', code: 2116, why: 'deceased' },
  { login: 'park', at: 'idCard', code: 3202, why: 'a card reported lost ends it' },
  { login: 'jung', at: 'idCard', code: 3204, why: 'a picture that can not be read', field: 'image' },
  { login: 'choi', at: 'idCard', code: 3203, why: 'a passport that has expired', field: 'document' },
  { login: 'kang', at: 'idCard', code: 3205, why: 'a name that the bank does not know yet', field: 'name' },
  { login: 'jang', at: 'account', code: 3302, why: 'an account that is blocked', field: 'account' },
  { login: 'seo', at: 'otp', code: 3403, why: 'a token that is locked' },
  { login: 'noh', at: 'otp', code: 3404, why: 'no token', otp: '123456' },
  { login: 'moo', at: 'phone', code: 3506, why: 'no phone number' },
]

test('what stands in a customer\'s way is said, with what to do', async (t) => {
  for (const [i, { login, at, code, why, field, otp }] of people.entries()) {
    await t.test(`${why}: ${code}`, async () => {
      const context = await device(browser, { javaScriptEnabled: false, lang: i % 2 ? 'en' : 'ko' })
      const c = new Customer(await context.newPage(), demo, { login })
      await c.login()
      await c.go('/apply')
      await c.choose('kind', 'personal-bank')
      if (at === 'apply') {
        await Promise.all([c.page.waitForNavigation(), c.press(primary)])
        await refused(c, code)
      } else {
        await c.next(/\/terms$/)
        c.application = /\/apply\/([A-Z2-7]{26})/.exec(c.page.url())[1]
        await c.terms()
        if (at === 'idCard') await anyCard(c)
        if (at === 'account') await c.account()
        if (at === 'otp') await c.otp({ code: otp ?? '123456' })
        if (at === 'phone') await c.open('phone')
        await Promise.all([c.page.waitForNavigation(), c.press(primary)])
        await refused(c, code, { field })
      }
      assert.ok(await c.page.locator('main a.btn:visible, main button.btn:visible').count(), 'there is a way on')
      await close(context, assert)
    })
  }
})

/** The sample's one card, whatever is the matter with it. */
async function anyCard(c) {
  const [card] = c.sample.cards
  await c.open('id-card')
  await c.choose('document', card.document)
  await c.fill('[name=name]', card.name)
  await c.fill('[name=number]', card.number)
  await c.fill('[name=issueDate]', card.issueDate)
  await c.attach('input[name=image]', await c.picture())
}

/** A grey picture with stripes. */
function png(width, height) {
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = (x * 7) & 0xff
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = 8 // bits, grey
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data])
  const out = Buffer.alloc(8 + body.length)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc(body), 4 + body.length)
  return out
}

function crc(bytes) {
  let c = ~0
  for (const b of bytes) {
    c ^= b
    for (let i = 0; i < 8; i++) c = (c >>> 1) ^ (0xedb88320 & -(c & 1))
  }
  return ~c >>> 0
}
