import assert from 'node:assert/strict'
import test from 'node:test'
import { withPage } from './page.mjs'

withPage({})
const { marks } = await import('../.build/password-rules.js')
const { IdleClock, WARNING } = await import('../.build/idle/clock.js')
const { mask, hyphenate } = await import('../.build/mask.js')
const { hindrance } = await import('../.build/passkeys/ability.js')
const { codesIn, group, referenceOf } = await import('../.build/codes.js')
const { inside } = await import('../.build/inside.js')
const { walletProblem } = await import('../.build/trouble.js')

test('codes: out of an address, out of a message, into groups', () => {
  for (const [hash, want] of [
    ['#ref=0123456789', '012-345-6789'], ['#ref=012-345-6789', '012-345-6789'], ['#ref=012%20345%206789', '012-345-6789'],
    ['#a=b&ref=0123456789', '012-345-6789'], ['', undefined], ['#', undefined], ['#ref=', undefined], ['#ref=123456789', undefined],
    ['#ref=01234567890', undefined], ['#ref=%3Cscript%3E', undefined], ['#code=0123456789', undefined], ['#ref=%', undefined],
  ]) assert.equal(referenceOf(hash), want, hash)

  const code = '7K2M0-QXV9T-3BHC4-D00AB'
  assert.deepEqual(codesIn(`참조번호 012-345-6789\n인가코드 ${code}`), { reference: '012-345-6789', code })
  assert.deepEqual(codesIn(`[ingam] 인가코드 ${code} (2026-12-01 09:00까지)`), { code })
  assert.deepEqual(codesIn('0123456789 7k2m0qxv9t3bhc4d00ab'), { reference: '012-345-6789', code })
  assert.deepEqual(codesIn('012-345-6789'), { reference: '012-345-6789' })
  assert.deepEqual(codesIn('12345678901234567890'), {}) // longer than a number, and no code has digits only
  assert.deepEqual(codesIn('x'.repeat(5000)), {})
  assert.deepEqual(codesIn(''), {})

  assert.equal(group(' 7k2m0 qxv9t 3bhc4 d00ab', 'code'), code)
  assert.equal(group('7k2m0 qxv9t', 'code'), '7k2m0 qxv9t') // not yet whole: as it was typed
  assert.equal(group('012 345 6789', 'reference'), '012-345-6789')
  assert.equal(group('12', 'reference'), '12')
})

const markOf = (typed, problems) => Object.fromEntries(marks(typed, problems).map(({ rule, mark }) => [rule, mark]))

test('password rules: open until something is typed, broken only by what must go', () => {
  assert.deepEqual(new Set(Object.values(markOf('', ['short', 'letter', 'digit', 'special']))), new Set(['open']))
  assert.deepEqual(markOf('ab', ['short', 'digit', 'special']), {
    length: 'open', letter: 'ok', digit: 'open', special: 'open', charset: 'ok',
  })
  assert.equal(markOf("a'b", ['forbidden']).charset, 'broken')
  assert.equal(markOf('가', ['charset']).charset, 'broken')
  assert.deepEqual(new Set(Object.values(markOf('Right-1234', []))), new Set(['ok']))
})

test('idle: waits, warns 90 s before, says the time left thrice, ends', () => {
  const c = new IdleClock(600_000, 0)
  assert.deepEqual(c.at(0), { do: 'wait', ms: 600_000 - WARNING })
  assert.deepEqual(c.at(509_999), { do: 'wait', ms: 1 })
  const said = []
  for (let t = 510_000; t < 600_000; t += 1000) {
    const act = c.at(t)
    assert.equal(act.do, 'warn')
    if (act.say) said.push(act.say)
  }
  assert.deepEqual(said, [60, 30, 10])
  assert.deepEqual(c.at(600_000), { do: 'end' })
})

test('idle: another tab, or a button, puts the end off; an older word does not', () => {
  const c = new IdleClock(600_000, 0)
  c.heard(300_000)
  c.heard(100_000)
  assert.deepEqual(c.at(600_000), { do: 'wait', ms: 300_000 - WARNING })
  c.at(850_000)
  c.heard(850_000)
  assert.equal(c.at(850_001).do, 'wait')
})

test('idle: a computer that slept finds its session over', () => {
  const c = new IdleClock(600_000, 0)
  assert.equal(c.at(10_000).do, 'wait')
  assert.equal(c.at(3_600_000).do, 'end')
})

test('idle: one who types is heard of once a minute, and not during the warning', () => {
  const c = new IdleClock(600_000, 0)
  assert.equal(c.due(59_999), false)
  assert.equal(c.due(60_000), true)
  assert.equal(c.due(509_999), true)
  assert.equal(c.due(510_000), false)
  c.heard(120_000)
  assert.equal(c.due(150_000), false)
})

test('idle: a session shorter than the warning', () => {
  const c = new IdleClock(60_000, 0)
  assert.deepEqual(c.at(0), { do: 'wait', ms: 30_000 })
  assert.equal(c.due(15_000), true)
  assert.equal(c.at(30_000).do, 'warn')
})

test('an identity number shows as far as the sex, a passport by its first two signs', () => {
  assert.equal(mask('900101-1234567'), '900101-1●●●●●●')
  assert.equal(mask('9001011234567'), '9001011●●●●●●')
  assert.equal(mask('900101'), '900101')
  assert.equal(mask('M12345678'), 'M1●●●●●●●')
  assert.equal(mask(''), '')
})

test('the hyphen comes by itself for a resident number only', () => {
  assert.equal(hyphenate('9001011'), '900101-1')
  assert.equal(hyphenate('9001011234567'), '900101-1234567')
  for (const same of ['900101', '900101-1', 'M12345678', '90010112345678']) assert.equal(hyphenate(same), same)
})

test('passkeys belong to a name, over https, in a browser that knows them', () => {
  const ok = { hostname: 'bank.example', secure: true, known: true }
  assert.equal(hindrance(ok), undefined)
  assert.equal(hindrance({ ...ok, hostname: 'localhost' }), undefined)
  assert.equal(hindrance({ ...ok, hostname: '127.0.0.1' }), 'address')
  assert.equal(hindrance({ ...ok, hostname: '[::1]' }), 'address')
  assert.equal(hindrance({ ...ok, secure: false }), 'insecure')
  assert.equal(hindrance({ ...ok, known: false }), 'browser')
})

test('next leads nowhere else', () => {
  const o = 'https://bank.example'
  assert.equal(inside('/apply/A/key?x=1#y', o), '/apply/A/key?x=1#y')
  for (const bad of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '', null, undefined, '\t//evil.example', '/.//evil.example', '/a/..//evil.example', '/%2e//evil.example', '//']) {
    assert.equal(inside(bad, o), '/', String(bad))
  }
})

test('every error of the wallet has words', () => {
  for (const code of ['format', 'wrong-password', 'iterations', 'unsupported', 'key-mismatch', 'signature', 'digest',
    'no-content', 'locked', 'not-found', 'exists', 'storage', 'password', 'too-large', 'expired']) {
    const p = walletProblem(Object.assign(new Error(code), { name: 'WalletError', code }))
    assert.ok(p?.title.startsWith('el.w.') && p.detail.startsWith('el.w.'), code)
  }
  assert.equal(walletProblem(new Error('x')), undefined)
})
