import type { Bytes } from '../asn1/bytes';
/** SHA-256 of under 2^29 bytes. */
export declare function sha256(data: Uint8Array): Bytes;
