import { type Bytes } from '../asn1/bytes';
import { type Encryption } from '../crypto/pbes';
/** A private key that is open. Wipe it when it is done with. */
export interface PrivateKey {
    /** PKCS#8 DER with R and all else that came with it, so that nothing is lost when it is written again. */
    pkcs8: Bytes;
    /** The random number that proves whose the certificate is: RSIZE bytes, leading zeros count. Some keys have none. */
    r?: Bytes;
}
/** The size of R in bytes. */
export declare const RSIZE = 20;
/**
 * Reads an unencrypted PKCS#8 key, with R or without. Codes: `format`, and
 * `unsupported` for what is not RSA with two primes.
 */
export declare function readPrivateKey(pkcs8: Uint8Array): PrivateKey;
/** The same key with this R, in place of the one it had. New memory. */
export declare function withR(pkcs8: Uint8Array, r: Uint8Array): Bytes;
/** The SubjectPublicKeyInfo of a key (RFC 3279 section 2.3.1). */
export declare function publicKeyOf(pkcs8: Uint8Array): Bytes;
/**
 * The key for WebCrypto: RSASSA-PKCS1-v1_5 with SHA-256, not to be taken out
 * again. Attributes are left out, for importKey may refuse them.
 */
export declare function signer(k: PrivateKey): Promise<CryptoKey>;
/** Overwrites what a key holds. */
export declare const wipe: (k?: PrivateKey) => void;
/**
 * Opens a key file, DER or PEM, with any password: the rules for new ones
 * don't count here. Codes: `format`, `unsupported`, `iterations`, and
 * `wrong-password`, also when the padding happens to be right and what it
 * holds is no PKCS#8 key.
 */
export declare function openKey(file: Uint8Array, password: string): Promise<PrivateKey & {
    encryption: Encryption;
}>;
/**
 * Writes a key file with R and all else. Salt and IV are drawn unless e brings
 * them: pass `fresh(e)` for a new password. It does not judge the password.
 * Codes: `iterations`, `unsupported`, `format`.
 */
export declare function sealKey(k: PrivateKey, password: string, e: Encryption): Promise<Bytes>;
