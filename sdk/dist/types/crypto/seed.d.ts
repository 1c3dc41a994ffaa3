import type { Bytes } from '../asn1/bytes';
/** Encrypts with SEED-CBC: key and IV of 16 bytes, padding of PKCS#7. */
export declare function seedCbcEncrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Bytes;
/** Reverses seedCbcEncrypt. `wrong-password` when the padding is not right, `format` when the size is not. */
export declare const seedCbcDecrypt: (key: Uint8Array, iv: Uint8Array, data: Uint8Array) => Bytes;
/** Adds the padding of PKCS#7 (RFC 5652 section 6.3) for blocks of a size. */
export declare function pad(data: Uint8Array, size: number): Bytes;
/** Takes it off again and clears the memory it was given; `wrong-password` when it is not there. */
export declare function unpad(data: Bytes, size: number): Bytes;
