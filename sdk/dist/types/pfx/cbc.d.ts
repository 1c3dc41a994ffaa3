import type { Bytes } from '../asn1/bytes';
/** Decrypts one block of 8 bytes into `out`. */
export type DecryptBlock = (block: Uint8Array, out: Uint8Array) => void;
/** CBC with blocks of 8 bytes and PKCS#7 padding: `wrong-password` when it is not there. */
export declare function decryptCbc(decrypt: DecryptBlock, iv: Uint8Array, data: Uint8Array): Bytes;
