import type { Bytes } from '../asn1/bytes';
/** Works on one block of 8 bytes, into `out`. */
export type Block = (block: Uint8Array, out: Uint8Array) => void;
/** CBC with blocks of 8 bytes and PKCS#7 padding: `wrong-password` when it is not there. */
export declare function decryptCbc(decrypt: Block, iv: Uint8Array, data: Uint8Array): Bytes;
/** Reverses decryptCbc. */
export declare function encryptCbc(encrypt: Block, iv: Uint8Array, data: Uint8Array): Bytes;
