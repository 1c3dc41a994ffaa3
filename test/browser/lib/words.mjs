// The texts of the pages, read from the same catalog: tests find a button by
// what a customer reads on it.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './demo.mjs'

function load(face, lang) {
  const folder = path.join(root, `internal/web/${face}/pages/texts`)
  const all = {}
  for (const file of readdirSync(folder)) {
    if (file.endsWith(`.${lang}.json`)) Object.assign(all, JSON.parse(readFileSync(path.join(folder, file), 'utf8')))
  }
  return all
}

/**
 * The text of a key in a language, of the customers' pages or the staff's; what
 * stands in braces is filled in. A key that is not there fails the test.
 */
export function words(lang, face = 'portal') {
  const texts = load(face, lang)
  return (key, filled = {}) => {
    const text = texts[key]
    if (text === undefined) throw new Error(`no text ${key} in ${lang}`)
    return text.replace(/\{(\w+)\}/g, (as, name) => filled[name] ?? as)
  }
}
