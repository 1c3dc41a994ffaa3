// All timings of the browser side, one after the other, as one text.
//
//   node bench/pages/bench.mjs
import { run as crypto } from './crypto.mjs'
import { run as issue } from './issue.mjs'
import { run as weight } from './weight.mjs'

for (const run of [crypto, weight, issue]) console.log(await run())
