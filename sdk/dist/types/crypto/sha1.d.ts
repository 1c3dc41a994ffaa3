import { type Bytes } from '../asn1/bytes';
/** SHA-1 of all parts together, under 2^29 bytes: 20 bytes. */
export declare function sha1(...parts: Uint8Array[]): Bytes;
/**
 * Hashes a digest of 20 bytes so many times over. Steps aside for a moment
 * now and then, so that a high count freezes no page.
 */
export declare function sha1Again(digest: Uint8Array, times: number): Promise<Bytes>;
