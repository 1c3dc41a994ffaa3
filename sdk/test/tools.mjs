// What the tests of formats share: fixtures of the field, other programs, and
// damage that is the same in each run.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { after } from 'node:test'

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

const FIELD = join(ROOT, '../shared/fixtures/npki/yessign-test/')

/** A file of the field's test identity; its password. */
export const field = (name) => new Uint8Array(readFileSync(FIELD + name))
export const FIELD_PASSWORD = 'WTuA8Ev0lWXVFSiI!'

/** For a test's options: skips it where the field's fixtures are not. */
export const needsField = { skip: existsSync(FIELD) ? false : 'field fixtures are not here: ../shared/fixtures' }

/** For a test's options: fails where a program is missing, since a judge who is absent proves nothing. */
export const needs = (...programs) => {
  const missing = programs.find((p) => spawnSync('which', [p]).status !== 0)
  if (missing) throw new Error(`${missing} is not installed: run make deps`)
  return {}
}

/** A folder of this test file, removed at its end. */
export const DIR = mkdtempSync(join(tmpdir(), 'ingam-sdk-'))
after(() => rmSync(DIR, { recursive: true, force: true }))

/** Runs a program, demands that it says yes, gives what it printed. */
export function run(program, args, options = {}) {
  return execFileSync(program, args, { stdio: ['pipe', 'pipe', 'pipe'], cwd: DIR, maxBuffer: 64 << 20, ...options })
}
export const openssl = (args, input) => run('openssl', args, { input })

/** Bytes of a Buffer, in memory of their own. */
export const bytes = (buffer) => new Uint8Array(buffer)

/** PEM of DER. */
export const pem = (label, der) =>
  `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END ${label}-----\n`

/** Says that a rejection or throw is an error of this library, with this code if one is named. */
export const code = (want) => (err) => {
  assert.equal(err.constructor.name.replace('DerError', 'WalletError'), 'WalletError', err.stack)
  if (want) assert.equal(err.code, want)
  return true
}

/** Numbers from 0 to under n, the same each time (mulberry32). */
export function dice(seed) {
  return (n) => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % n
  }
}

/**
 * Gives `rounds` damaged copies of each of some files to `act`, cut off, with
 * bytes changed, removed and put in. It must answer or throw an error of this
 * library, and always come to an end.
 */
export async function damage(files, rounds, act, seed = 3) {
  const roll = dice(seed)
  const check = async (file) => {
    try {
      await act(file)
    } catch (err) {
      code()(err)
    }
  }
  for (const file of files) {
    for (let n = 0; n < rounds; n++) {
      let out = file.slice()
      for (let hits = 1 + roll(3); hits--; ) {
        const at = roll(out.length || 1)
        const how = roll(4)
        if (how === 0) out = out.slice(0, at)
        else if (how === 1) out[at] = roll(256)
        else if (how === 2) out = Uint8Array.of(...out.subarray(0, at), ...out.subarray(at + 1 + roll(8)))
        else out = Uint8Array.of(...out.subarray(0, at), roll(256), ...out.subarray(at))
      }
      await check(out)
    }
  }
}
