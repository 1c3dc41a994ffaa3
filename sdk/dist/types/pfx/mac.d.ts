import { type Bytes } from '../asn1/bytes';
import { type Node } from '../asn1/der';
import { type Secret } from './pbe';
/**
 * Checks MacData (RFC 7292 §4) over the content: `wrong-password` when it is
 * not right, which a file that was changed looks like as well. Of the two forms
 * of an empty password the secret keeps the one that fits.
 */
export declare function checkMac(n: Node, s: Secret, content: Uint8Array): void;
/** MacData with HMAC-SHA256 over the content. */
export declare const writeMac: (password: Uint8Array, salt: Uint8Array, iterations: number, content: Uint8Array) => Bytes;
