// The texts of the pages, read from the same catalog: tests find a button by
// what a customer reads on it.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './demo.mjs'

const folder = path.join(root, 'internal/web/portal/pages/texts')

function load(lang) {
  const all = {}
  for (const file of readdirSync(folder)) {
    if (file.endsWith(`.${lang}.json`)) Object.assign(all, JSON.parse(readFileSync(path.join(folder, file), 'utf8')))
  }
  return all
}

const texts = { ko: load('ko'), en: load('en') }

/** The text of a key in a language; a key that is not there fails the test. */
export function words(lang) {
  return (key) => {
    const text = texts[lang][key]
    if (text === undefined) throw new Error(`no text ${key} in ${lang}`)
    return text
  }
}
