// Everything that the wallet is goes over a phone's line at most once, and is
// small: the budget is part of the promise.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { brotliCompressSync, constants } from 'node:zlib'

const LIMIT = 25_000

test('the built module keeps within 25 kB of brotli', () => {
  const built = readFileSync(new URL('../dist/ingam-wallet.js', import.meta.url))
  const size = brotliCompressSync(built, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
  console.log(`ingam-wallet.js: ${built.length} bytes, ${size} with brotli`)
  assert.ok(built.length > 10_000, 'nothing is in it: was it built?')
  assert.ok(size <= LIMIT, `${size} bytes`)
})

test('the built module names no address and evaluates no text', () => {
  const text = readFileSync(new URL('../dist/ingam-wallet.js', import.meta.url), 'utf8')
  assert.doesNotMatch(text, /https?:\/\//)
  assert.doesNotMatch(text, /\beval\(|new Function/)
  assert.match(text, /import\.meta\.url/, 'it no longer finds itself to start as a Worker')
})
