import type { DecryptBlock } from './cbc';
/** Decrypts blocks with a key of 24 bytes, or of 16 for two keys. */
export declare function tripleDes(key: Uint8Array): DecryptBlock;
