import type { Bytes } from '../asn1/bytes';
import type { Hash } from '../asn1/oid';
/** PBKDF1 with SHA-1 (RFC 8018 section 5.1), all 20 bytes of it. */
export declare const pbkdf1: (password: Uint8Array, salt: Uint8Array, iterations: number) => Promise<Bytes>;
/** PBKDF2 with HMAC (RFC 8018 section 5.2), so many bytes of it. */
export declare function pbkdf2(password: Uint8Array, salt: Uint8Array, iterations: number, hash: Hash, size: number): Promise<Bytes>;
