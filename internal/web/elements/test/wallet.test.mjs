// What the wallet's page decides without a browser: views, states, choices.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { withPage } from './page.mjs'

const texts = JSON.parse(readFileSync(new URL('../../portal/pages/texts/wallet.ko.json', import.meta.url), 'utf8'))
const { applicationPath, viewOf } = await import('../.build/wallet/route.js')
const { daysLeft, isOver, kindOf, ownerOf, shownState, stateOf, until } = await import('../.build/wallet/card.js')
const { firstChoice, usable } = await import('../.build/sign/choose.js')
withPage(texts) // only now: Lit wants a whole page, or none

const DAY = 86_400_000
const end = Date.parse('2027-03-14T14:59:59Z') // 23:59:59 in Seoul
const year = { notBefore: new Date(end - 365 * DAY), notAfter: new Date(end), policies: [] }

test('views by the address', () => {
  for (const [hash, view] of [
    ['', { at: 'list' }], ['#', { at: 'list' }], ['#/', { at: 'list' }], ['#/nothing', { at: 'list' }], ['#/c/', { at: 'list' }],
    ['#/add', { at: 'add' }],
    ['#/u/01AB', { at: 'discard', application: '01AB' }], ['#/u/', { at: 'list' }],
    ['#/c/12ab', { at: 'show', id: '12ab' }], ['#/c/12ab/', { at: 'show', id: '12ab' }], ['#/c/12ab/constructor', { at: 'show', id: '12ab' }],
    ['#/c/12ab/password', { at: 'password', id: '12ab' }], ['#/c/12ab/delete', { at: 'delete', id: '12ab' }],
  ]) assert.deepEqual(viewOf(hash), view, hash)
})

test('states turn at the second', () => {
  for (const [at, state, days] of [
    [end - 366 * DAY, 'future', 366],
    [end - 365 * DAY, 'valid', 365],
    [end - 365 * DAY - 3_600_000, 'valid', 365], // a clock that is behind
    [end - 365 * DAY - 3_600_001, 'future', 365],
    [end - 30 * DAY - 1, 'valid', 30],
    [end - 30 * DAY, 'expiring', 30],
    [end - 1, 'expiring', 0],
    [end, 'expiring', 0],
    [end + 1, 'expired', 0],
  ]) {
    assert.equal(stateOf(year, at), state, String(at - end))
    assert.equal(daysLeft(year, at), days, String(at - end))
  }
})

test('what was replaced can be used no more, whatever its dates say', () => {
  const old = { certificate: { ...year, notAfter: new Date(Date.now() + DAY) }, replacedBy: 'ab' }
  assert.equal(shownState(old), 'replaced')
  assert.equal(shownState({ certificate: old.certificate }), 'expiring')
  assert.equal(isOver(old), true)
  assert.equal(usable(old), false)
  assert.equal(until(old), texts['el.keep.until.replaced'])
})

test('names from files turn no line around and end', () => {
  assert.equal(ownerOf({ owner: '홍\u202e길\u2066동\n', cn: 'x' }), '홍길동')
  assert.equal(ownerOf({ owner: '', cn: '홍길동()0001' }), '홍길동()0001')
  assert.equal([...ownerOf({ owner: '가'.repeat(10_000) })].length, 100)
})

test('where an unfinished one goes on', () => {
  assert.equal(applicationPath('01AB'), '/apply/01AB')
  assert.equal(applicationPath('01AB', 'codes'), '/redeem')
  assert.equal(applicationPath('../../x?y#z'), '/apply/..%2F..%2Fx%3Fy%23z')
})

test('the end in words', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: end - 10 * DAY })
  assert.equal(until({ certificate: year }), '2027년 3월 14일 (일)까지, 10일 남았어요')
  t.mock.timers.setTime(end + DAY)
  assert.equal(until({ certificate: year }), '2027년 3월 14일 (일)에 끝났어요')
})

test('the bank\'s clock counts, not the device\'s', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: end - 340 * DAY })
  assert.equal(stateOf(year), 'valid')
  withPage(texts, 330 * DAY)
  assert.equal(stateOf(year), 'expiring')
  assert.equal(until({ certificate: year }), '2027년 3월 14일 (일)까지, 10일 남았어요')
  withPage(texts, 340 * DAY + 1)
  assert.equal(stateOf(year), 'expired')
  withPage(texts, 'soon')
  assert.equal(stateOf(year), 'valid')
  withPage(texts)
})

test('kinds by policies that are known, and by no others', () => {
  const kind = (...policies) => kindOf({ ...year, policies })
  assert.equal(kind('1.2.410.200005.1.1.4'), texts['el.keep.kind.personal-bank'])
  assert.equal(kind('1.2.3', '2.999.410.1.1.1'), texts['el.keep.kind.personal-general'])
  assert.equal(kind('1.2.410.200005.1.1.6.8'), texts['el.keep.kind.tax-invoice'])
  for (const policies of [[], ['1.2.410.200004.5.1.1.5'], ['1.2.410.200005.1.1.44'], ['1.2.410.200005.1.1.4.1']]) {
    assert.equal(kind(...policies), texts['el.keep.kind.other'], policies.join())
  }
})

test('the first choice is what was asked for, else one that can be used', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: end - DAY })
  const old = { id: 'old', certificate: { ...year, notAfter: new Date(end - 2 * DAY) } }
  const good = { id: 'good', certificate: year }
  assert.deepEqual([usable(old), usable(good)], [false, true])
  assert.equal(firstChoice([old, good]), 'good')
  assert.equal(firstChoice([old, good], 'old'), 'old')
  assert.equal(firstChoice([old]), 'old')
  assert.equal(firstChoice([]), undefined)
})
