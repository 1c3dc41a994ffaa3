import { type Bytes } from '../asn1/bytes';
import { type Node } from '../asn1/der';
import * as O from '../asn1/oid';
/**
 * How something is encrypted. Handed back with its salt and IV it gives the
 * same bytes; without them (see fresh) new ones are drawn.
 *
 * - `seed15`: 1.2.410.200004.1.15, PBKDF1-SHA1 and SEED-CBC: what everybody writes
 * - `seed4`: 1.2.410.200004.1.4 as a password scheme, the same with a fixed IV
 * - `pbes2-…`: PBKDF2 with SEED-CBC or AES-CBC
 */
export interface Encryption {
    scheme: 'seed15' | 'seed4' | 'pbes2-seed' | 'pbes2-aes256' | 'pbes2-aes128';
    iterations: number;
    hash: O.Hash;
    salt?: Uint8Array;
    iv?: Uint8Array;
}
/** For storage here and for all programs of today: OpenSSL opens it, old programs of the field do not. */
export declare const MODERN: Encryption;
/** What every program of the field reads. Weak by today's measure: say so to those who choose it. */
export declare const COMPATIBLE: Encryption;
/** Bounds on the iterations: for writing, and for reading and writing. */
export declare const MIN_ITERATIONS = 1024;
export declare const MAX_ITERATIONS = 10000000;
/** Bounds a key file, encrypted or not, in bytes of DER. */
export declare const MAX_KEY_SIZE: number;
/** The same way of encrypting, with a salt and an IV still to be drawn. */
export declare const fresh: ({ scheme, iterations, hash }: Encryption) => Encryption;
/** Whether it rests on SEED, SHA-1 or few iterations: read always, written only so that old programs can read it. */
export declare const isWeak: (e: Encryption) => boolean;
/** Reads an AlgorithmIdentifier; `unsupported`, `iterations` or `format` when it is not one of these. */
export declare function readEncryption(n: Node): Encryption;
/** The AlgorithmIdentifier that readEncryption reads; salt and IV must be there. */
export declare function writeEncryption(e: Encryption): Bytes;
/** Fills in the salt and the IV that are missing, and checks that this can be written. */
export declare function drawn(e: Encryption): Encryption;
/** Decrypts what an Encryption that was read describes. `wrong-password` when the padding is wrong, `format` when the size is. */
export declare function decrypt(e: Encryption, password: Uint8Array, ciphertext: Uint8Array): Promise<Bytes>;
/** Encrypts; e must be drawn. */
export declare const encrypt: (e: Encryption, password: Uint8Array, plain: Uint8Array) => Promise<Bytes>;
/** Reads EncryptedPrivateKeyInfo (RFC 5958) without a password. */
export declare function readEncrypted(der: Uint8Array): {
    encryption: Encryption;
    ciphertext: Bytes;
};
/**
 * Opens an EncryptedPrivateKeyInfo. Codes: `format`, `unsupported`,
 * `iterations`, `wrong-password`. Right padding is no proof of the right
 * password: the caller has to look at what came out.
 */
export declare function open(der: Uint8Array, password: Uint8Array): Promise<{
    plain: Bytes;
    encryption: Encryption;
}>;
/** Writes an EncryptedPrivateKeyInfo. It does not judge the password. Codes: `iterations`, `unsupported`, `format`. */
export declare function seal(plain: Uint8Array, password: Uint8Array, encryption: Encryption): Promise<Bytes>;
