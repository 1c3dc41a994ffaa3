// What `npm pack` makes is a package that a stranger can install and use: no
// dependency, types beside the code, nothing of the workshop in it.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const sdk = path.resolve(import.meta.dirname, '..')

test('the package installs by itself and its API is there', async (t) => {
  const dir = mkdtempSync(path.join(tmpdir(), 'ingam-pack-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  const [packed] = JSON.parse(execFileSync('npm', ['pack', '--json', '--silent', '--ignore-scripts', '--pack-destination', dir], { cwd: sdk, encoding: 'utf8' }))
  const files = packed.files.map((f) => f.path)
  for (const wanted of ['dist/ingam-wallet.js', 'dist/types/index.d.ts', 'README.md', 'package.json']) assert.ok(files.includes(wanted), `${wanted} is not in the package`)
  assert.deepEqual(files.filter((f) => !/^(dist\/|README\.md$|package\.json$|LICENSE)/.test(f)), [])
  execFileSync('tar', ['-xzf', path.join(dir, packed.filename), '-C', dir])
  const home = path.join(dir, 'package')
  const about = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8'))
  assert.deepEqual(about.dependencies ?? {}, {})
  const api = await import(pathToFileURL(path.join(home, about.main)).href)
  for (const name of ['Wallet', 'find', 'readCertificate', 'passwordProblems', 'verify', 'WalletError']) assert.ok(name in api, `${name} is not exported`)

  // Whoever pastes the README's types into a strict project gets no error.
  writeFileSync(path.join(dir, 'use.ts'), `import { Wallet, passwordProblems, type Entry } from './package/dist/ingam-wallet.js'
export async function all(): Promise<Entry[]> { return (await Wallet.open()).list() }
export const short: boolean = passwordProblems('a').includes('short')
`)
  writeFileSync(path.join(dir, 'package/dist/ingam-wallet.d.ts'), "export * from './types/index.js'\n")
  const tsc = path.resolve(sdk, '../node_modules/.bin/tsc')
  execFileSync(tsc, ['--noEmit', '--strict', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler', '--lib', 'es2023,dom', '--types', '', 'use.ts'], { cwd: dir, encoding: 'utf8', stdio: 'pipe' })
  assert.ok(readdirSync(home).length > 0)
})
