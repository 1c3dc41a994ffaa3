import type { Block } from './cbc';
/** Decrypts blocks with a key of which all bits count. */
export declare function rc2(key: Uint8Array): Block;
