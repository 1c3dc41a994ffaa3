// Writes from-typescript.json: what the SDK makes with random salts and
// paddings, and Go has to open. Run it from sdk/ after `npm test`, which
// builds .build/:
//
//   node vectors/from-typescript.mjs
import { readFileSync, writeFileSync } from 'node:fs'
import { hex, unhex } from '../.build/asn1/bytes.js'
import { sign } from '../.build/cms/sign.js'
import { COMPATIBLE, MODERN } from '../.build/crypto/pbes.js'
import { writeNpkiZip } from '../.build/folder/npki.js'
import { readPrivateKey, sealKey, signer } from '../.build/npki/key.js'
import { encryptVid, newR } from '../.build/npki/vid.js'
import { writePfx } from '../.build/pfx/pfx.js'
import { createRequest } from '../.build/pkcs10/request.js'

const file = (name) => new URL(`testdata/${name}`, import.meta.url)
const read = (name) => JSON.parse(readFileSync(file(`${name}.json`), 'utf8'))
const key = readPrivateKey(unhex(read('keys').keys.customer.pkcs8))
const der = (name) => unhex(read('certificates').certificates.find((c) => c.name === name).der)

const password = 'made-in-TypeScript.9'
const hangul = '브라우저에서 만든 암호 9!'
const identity = { key: 'customer', withR: true, certificate: 'customer', chain: [] }

const keyFiles = []
for (const [name, secret, encryption] of [
  ['the form of the field', password, COMPATIBLE],
  ['the form of today, a password in Hangul', hangul, MODERN],
])
  keyFiles.push({ name, scheme: encryption.scheme, password: secret, key: 'customer', withR: true, file: hex(await sealKey(key, secret, encryption)) })

const pfx = [
  {
    name: 'the form of today',
    password: hangul,
    identities: [identity],
    file: hex(await writePfx({ key, certificate: der('customer'), chain: [] }, hangul)),
  },
]

const zip = writeNpkiZip({ ca: 'ingam', certificate: der('customer'), key: unhex(keyFiles[0].file) })

const r = newR()
const encryptedVid = await encryptVid(r, der('km'))
const challenge = '브라우저의 challenge'

// A request, and the renewal whose request it is: the old key has signed it.
const next = readPrivateKey(unhex(read('keys').keys.km.pkcs8))
const request = await createRequest(next, challenge, encryptedVid)
const renewal = await sign(request, der('customer'), await signer(key))

const made = {
  keyFiles,
  pfx,
  zip: { ca: 'ingam', certificate: 'customer', keyFile: keyFiles[0].name, zip: hex(zip) },
  encryptedVid: { key: 'km', certificate: 'km', r: hex(r) },
  renewal: { key: 'km', challenge, signer: 'customer', message: hex(renewal) },
}
writeFileSync(file('from-typescript.json'), JSON.stringify(made, null, 1) + '\n')
