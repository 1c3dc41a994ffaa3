// Each text that a script says gets the values that stand in its braces: one
// that lacks a value shows the brace to the customer.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import test from 'node:test'

const faces = ['portal', 'console'].map((face) => new URL(`../../${face}/pages/texts/`, import.meta.url))
const src = new URL('../src/', import.meta.url)
const texts = {}
for (const face of faces) {
  for (const file of readdirSync(face)) if (/\.ko\.json$/.test(file)) Object.assign(texts, JSON.parse(readFileSync(new URL(file, face), 'utf8')))
}

const wanted = (text) => [...new Set([...text.matchAll(/\{([a-zA-Z][a-zA-Z0-9]*)(?:\|[^}]*)?\}/g)].map(([, name]) => name))].sort()

/** The names of an object literal that begins at `at`. */
function namesAt(code, at) {
  const parts = ['']
  for (let depth = 0, i = at; i < code.length; i++) {
    const c = code[i]
    if ('{(['.includes(c) && depth++ === 0) continue
    if ('})]'.includes(c) && --depth === 0) break
    if (c === ',' && depth === 1) parts.push('')
    else parts[parts.length - 1] += c
  }
  return parts.map((p) => /^\s*(\w+)/.exec(p)?.[1]).filter(Boolean).sort()
}

test('no brace is left', () => {
  let said = 0
  for (const file of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue
    const code = readFileSync(new URL(file, src), 'utf8')
    for (const m of code.matchAll(/\bsay\('([^']+)'(,\s*)?/g)) {
      const text = texts[m[1]]
      assert.ok(text !== undefined, `${file}: ${m[1]} is in no catalogue`)
      const given = m[2] ? namesAt(code, m.index + m[0].length) : []
      assert.deepEqual(given, wanted(text), `${file}: ${m[1]}`)
      said++
    }
  }
  assert.ok(said > 250, String(said))
})
