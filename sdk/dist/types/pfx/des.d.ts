import type { Block } from './cbc';
/** Decrypts or encrypts blocks with a key of 24 bytes, or of 16 for two keys. */
export declare function tripleDes(key: Uint8Array, encrypt?: boolean): Block;
