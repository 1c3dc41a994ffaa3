import type { Bytes } from '../asn1/bytes';
/** SHA-256 of under 2^29 bytes, and of that hash again until it was done so many times. */
export declare function sha256(data: Uint8Array, times?: number): Bytes;
