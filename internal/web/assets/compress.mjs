// Makes the brotli forms of what pages load: run it after a build and after a
// change of css/, console/, fonts/fonts.css or icons/. Go serves a form only while its
// hash is that of the file (assets.go), and a test finds what is missing.
//
//   node internal/web/assets/compress.mjs
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'

const here = dirname(fileURLToPath(import.meta.url))
const wallet = join(here, '../../../sdk/dist/ingam-wallet.js')
const out = join(here, 'packed')

/** Takes comments and indentation out, as shrink in assets.go. */
const shrink = (css) => css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/[\t\n\f\r ]*\n[\t\n\f\r ]*/g, '\n')

const list = (folder) => readdirSync(join(here, folder)).sort()
const text = (...parts) => readFileSync(join(here, ...parts), 'utf8')

const packed = (name) => name.replaceAll('/', '_') + '.br'

const files = new Map()
files.set('style.css', list('css').map((name) => shrink(text('css', name))).join(''))
files.set('console.css', list('console').map((name) => shrink(text('console', name))).join(''))
files.set('fonts.css', shrink(text('fonts', 'fonts.css')))
files.set('fonts/OFL.txt', text('fonts', 'OFL.txt'))
if (existsSync(wallet)) files.set('ingam-wallet.js', readFileSync(wallet))
for (const name of list('built')) if (/\.js$/.test(name)) files.set(name, readFileSync(join(here, 'built', name)))
for (const name of list('icons')) if (/\.svg$/.test(name)) files.set(`icons/${name}`, readFileSync(join(here, 'icons', name)))

mkdirSync(out, { recursive: true })
const before = existsSync(join(out, 'index.json')) ? JSON.parse(text('packed', 'index.json')) : {}
const index = {}
let total = 0
for (const [name, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const body = Buffer.from(content)
  const sha256 = createHash('sha256').update(body).digest('hex')
  const file = join(out, packed(name))
  // Another version of Node may pack the same file otherwise: what fits stays.
  if (before[name]?.sha256 === sha256 && existsSync(file)) {
    index[name] = { sha256 }
    total += readFileSync(file).length
    continue
  }
  const small = brotliCompressSync(body, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
  })
  if (small.length >= body.length) continue
  writeFileSync(file, small)
  index[name] = { sha256 }
  total += small.length
  console.log(String(small.length).padStart(8), name)
}
const kept = new Set(['index.json', ...Object.keys(index).map(packed)])
for (const name of readdirSync(out)) if (!kept.has(name)) rmSync(join(out, name))
writeFileSync(join(out, 'index.json'), JSON.stringify(index, null, 1) + '\n')
console.log(String(total).padStart(8), 'bytes in brotli')
