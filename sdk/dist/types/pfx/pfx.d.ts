import { type Bytes } from '../asn1/bytes';
import { type Encryption } from '../crypto/pbes';
import { type PrivateKey } from '../npki/key';
/** A key with R and all else it carries, its certificate, and the CA certificates above it, nearest first. */
export interface PfxEntry {
    key: PrivateKey;
    certificate: Bytes;
    chain: Bytes[];
    /** The friendly name. */
    name?: string;
}
/** Bounds on a file from outside. */
export declare const MAX_PFX: number;
/**
 * Opens a PFX, DER or BER, after its MAC has shown that the password is right
 * and nothing was changed. Certificates without their key come as chains only.
 * Wipe the keys when you are done with them.
 *
 * Reads PBES2 and PBES1 as key files have them (AES, SEED), triple DES and RC2.
 * Errors: wrong-password, iterations, unsupported (also: no MAC), format,
 * too-large, not-found (no key with its certificate in it).
 */
export declare function readPfx(file: Uint8Array, password: string): Promise<PfxEntry[]>;
/**
 * Writes a PFX: key (with R in its attributes) and certificates under PBES2
 * with AES-256, HMAC-SHA256 over all of it. OpenSSL 1.1 and later, Windows 10
 * and later, and Java open it. It does not judge the password.
 *
 * @param o how it is encrypted, MODERN unless given; only its iterations and
 *   hash count. The MAC takes as many iterations: with fewer it would be the
 *   quicker way to guess the password.
 * Errors: key-mismatch when the certificate is for another key.
 */
export declare function writePfx(entry: PfxEntry, password: string, o?: Encryption): Promise<Bytes>;
