import { type Bytes } from '../asn1/bytes';
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
 * Reads triple DES and RC2 of PKCS#12, and what key files have: AES, SEED.
 * Errors: wrong-password, iterations, unsupported (also: no MAC, no key but
 * such as are not RSA), format (also: changed since it was written), too-large,
 * not-found (no key with its certificate in it).
 */
export declare function readPfx(file: Uint8Array, password: string): Promise<PfxEntry[]>;
/** In which form a PFX is written. */
export interface PfxOptions {
    /**
     * The form that old programs and those of the field read: certificates in
     * clear, triple DES for the key, HMAC-SHA1, 2,048 iterations. Weak by today's
     * measure: say so to those who choose it.
     */
    compatible?: boolean;
    /** Iterations of the form of today, unless MODERN's. */
    iterations?: number;
}
/**
 * Writes a PFX: key (with R in its attributes) and certificates under PBES2
 * with AES-256, HMAC-SHA256 over all of it. The MAC takes as many iterations
 * as the encryption: with fewer it would be where guessing begins. It does not
 * judge the password.
 *
 * Errors: key-mismatch when the certificate is for another key, iterations,
 * format, too-large.
 */
export declare function writePfx(entry: PfxEntry, password: string, o?: PfxOptions): Promise<Bytes>;
