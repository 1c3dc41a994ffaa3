// Certification requests (RFC 2986) as the authority wants them: no subject,
// for it takes that from what it has proved itself; the challenge of the
// application and the EncryptedVID as attributes, signed with the new key.

import type { Bytes } from '../asn1/bytes'
import { algorithm, bits, fields, implicit, int, nul, oid, parse, readBits, readInt, seq, set, setOf, utf8 } from '../asn1/der'
import { challengePassword, encryptedVid as encryptedVidOid, sha256WithRsa } from '../asn1/oid'
import { fail } from '../error'
import { type PrivateKey, publicKeyOf, signer } from '../npki/key'

const MAX_SIZE = 16 << 10
const MAX_CHALLENGE = 255 // characters, RFC 2985 section 5.4.1
const MIN_BITS = 2048
const MAX_BITS = 4096

/**
 * Makes a request; challenge and EncryptedVID are left out when empty. The
 * same key and parts give the same bytes. Codes: `format`; `unsupported` for a
 * key that no certificate is issued for.
 */
export async function createRequest(k: PrivateKey, challenge: string, encryptedVid: Uint8Array): Promise<Bytes> {
  if ([...challenge].length > MAX_CHALLENGE || /[\ud800-\udfff]/u.test(challenge)) fail('format')
  const spki = publicKeyOf(k.pkcs8)
  checkKey(spki)
  const attributes: Bytes[] = []
  if (challenge) attributes.push(seq(oid(challengePassword), set(utf8(challenge))))
  if (encryptedVid.length) {
    parse(encryptedVid)
    attributes.push(seq(oid(encryptedVidOid), set(encryptedVid)))
  }
  const info = seq(int(0), seq(), spki, implicit(0, true, parse(setOf(...attributes)).value))
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', await signer(k), info)
  const der = seq(info, algorithm(sha256WithRsa, nul()), bits(new Uint8Array(signature)))
  return der.length > MAX_SIZE ? fail('format') : der
}

/** Refuses keys that the authority would refuse. */
function checkKey(spki: Bytes): void {
  const f = fields(parse(spki))
  f.take()
  const key = fields(parse(readBits(f.take())))
  const size = readInt(key.take()).toString(2).length
  if (size < MIN_BITS || size > MAX_BITS || readInt(key.take()) < 65537n) fail('unsupported')
}
