import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { format, particle } from '../.build/format.js'

const texts = new URL('../../portal/pages/texts/', import.meta.url)

test('the table of examples that the server keeps, too', () => {
  const examples = JSON.parse(readFileSync(new URL('examples.json', texts), 'utf8'))
  assert.ok(examples.length >= 20)
  for (const { text, args, want } of examples) {
    const problems = []
    assert.equal(format(text, args, problems), want, text)
    assert.deepEqual(problems, [], text)
  }
})

test('a value that is missing shows as its name, and is noted', () => {
  const problems = []
  assert.equal(format('{name}{을/를} {n|day|days}', {}, problems), '{name}를 days')
  assert.equal(problems.length, 2)
})

test('a malformed text is noted', () => {
  for (const text of ['{', '}', '{a', 'a}', '{a{b}}', '{}', '{1}', '{a|b}', '{a|b|c|d}', '{을/를/은}', '{/를}']) {
    const problems = []
    format(text, { a: 1 }, problems)
    assert.notEqual(problems.length, 0, text)
  }
})

test('every final consonant of a syllable, and none', () => {
  for (let f = 0; f < 28; f++) {
    const syllable = String.fromCodePoint(0xac00 + f)
    assert.equal(particle(syllable, '을', '를'), f ? '을' : '를')
    assert.equal(particle(syllable, '으로', '로'), f && f !== 8 ? '으로' : '로')
  }
})

test('every text of the elements is well formed in both languages and takes the same values', () => {
  for (const area of ['elements', 'passkeys']) {
    const [ko, en] = ['ko', 'en'].map((l) => JSON.parse(readFileSync(new URL(`${area}.${l}.json`, texts), 'utf8')))
    assert.deepEqual(Object.keys(ko).sort(), Object.keys(en).sort())
    for (const key of Object.keys(ko)) {
      assert.deepEqual(names(ko[key]), names(en[key]), key)
      assert.ok(!ko[key].includes('!') && !en[key].includes('!'), `${key} shouts`)
    }
  }
  function names(text) {
    const problems = []
    format(text, {}, problems)
    for (const p of problems) assert.match(p, /is missing$/, text)
    return [...new Set(problems)].sort()
  }
})

test('every key that an element names is there', () => {
  const src = new URL('../src/', import.meta.url)
  const known = new Set()
  for (const file of readdirSync(texts).filter((f) => f.endsWith('.ko.json'))) {
    for (const key of Object.keys(JSON.parse(readFileSync(new URL(file, texts), 'utf8')))) known.add(key)
  }
  for (const file of readdirSync(src, { recursive: true }).filter((f) => f.endsWith('.ts'))) {
    const code = readFileSync(new URL(file, src), 'utf8')
    for (const [, key] of code.matchAll(/'((?:el|passkeys)\.[a-z0-9.-]+)'/g)) {
      assert.ok(known.has(key), `${file} names ${key}`)
    }
  }
  assert.ok(existsSync(new URL('elements.ko.json', texts)))
})
