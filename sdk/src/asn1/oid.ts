// Object identifiers of the field (NPKI) and of the standards it rests on.

export const identifyData = '1.2.410.200004.10.1.1' // otherName in subjectAltName (KCAC.TS.SIVID)
export const virtualId = '1.2.410.200004.10.1.1.1' // a VID within IdentifyData
export const encryptedVid = '1.2.410.200004.10.1.1.2' // attribute of a request
export const randomNum = '1.2.410.200004.10.1.1.3' // attribute of a private key: R

export const seedCbc = '1.2.410.200004.1.4' // a cipher, or a password scheme: by its parameters
export const pbeSeed = '1.2.410.200004.1.15' // the password scheme of key files

export const rsaEncryption = '1.2.840.113549.1.1.1'
export const sha256WithRsa = '1.2.840.113549.1.1.11'
export const sha384WithRsa = '1.2.840.113549.1.1.12'
export const sha512WithRsa = '1.2.840.113549.1.1.13'
export const pbkdf2 = '1.2.840.113549.1.5.12'
export const pbes2 = '1.2.840.113549.1.5.13'
export const aes128Cbc = '2.16.840.1.101.3.4.1.2'
export const aes256Cbc = '2.16.840.1.101.3.4.1.42'

export const sha1 = '1.3.14.3.2.26'
export const sha256 = '2.16.840.1.101.3.4.2.1'
export const sha384 = '2.16.840.1.101.3.4.2.2'
export const sha512 = '2.16.840.1.101.3.4.2.3'

export const data = '1.2.840.113549.1.7.1'
export const signedData = '1.2.840.113549.1.7.2'
export const encryptedData = '1.2.840.113549.1.7.6'
export const contentType = '1.2.840.113549.1.9.3'
export const messageDigest = '1.2.840.113549.1.9.4'
export const signingTime = '1.2.840.113549.1.9.5'
export const challengePassword = '1.2.840.113549.1.9.7'

export const subjectKeyId = '2.5.29.14'
export const keyUsage = '2.5.29.15'
export const subjectAltName = '2.5.29.17'
export const basicConstraints = '2.5.29.19'
export const certificatePolicies = '2.5.29.32'

/** The hash functions by their WebCrypto names. */
export type Hash = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'

/** Their identifiers. */
export const hashes: Record<Hash, string> = {
  'SHA-1': sha1,
  'SHA-256': sha256,
  'SHA-384': sha384,
  'SHA-512': sha512,
}

/** HMAC with them, as PBKDF2 names its pseudo-random function. */
export const hmacs: Record<Hash, string> = {
  'SHA-1': '1.2.840.113549.2.7',
  'SHA-256': '1.2.840.113549.2.9',
  'SHA-384': '1.2.840.113549.2.10',
  'SHA-512': '1.2.840.113549.2.11',
}

/** The key of an entry of a table, undefined when no entry has the value. */
export const keyOf = <K extends string>(table: Record<K, string>, value: string): K | undefined =>
  (Object.keys(table) as K[]).find((k) => table[k] === value)
