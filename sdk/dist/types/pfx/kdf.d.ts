import type { Bytes } from '../asn1/bytes';
import type { Hash } from '../asn1/oid';
/** What the derived bytes are for (RFC 7292 B.3). */
export declare const FOR_KEY = 1;
export declare const FOR_IV = 2;
export declare const FOR_MAC = 3;
/** The size of a hash, and of the blocks it works on. */
export declare const SIZES: Record<Hash, [size: number, block: number]>;
/** The password as PKCS#12 wants it: UTF-16, high byte first, with a zero at its end. */
export declare function bmp(password: string): Bytes;
/**
 * PKCS#12's own key derivation (RFC 7292 B.2).
 *
 * @param password as {@link bmp} makes it, or no bytes at all, which is the
 *   other form an empty password is found in.
 * @param size how many bytes are wanted.
 */
export declare function derive(hash: Hash, password: Uint8Array, salt: Uint8Array, iterations: number, purpose: number, size: number): Promise<Bytes>;
