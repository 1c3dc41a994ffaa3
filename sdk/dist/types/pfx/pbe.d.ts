import { type Bytes } from '../asn1/bytes';
import { type Node } from '../asn1/der';
/** What opens a file: the password in its two forms, and the iterations that may still be spent on it. */
export interface Secret {
    utf8: Bytes;
    /** UTF-16 with a zero at its end; an empty password is also found as no bytes at all. */
    bmp: Bytes;
    left: number;
}
export declare const secretOf: (password: string) => Secret;
/** Takes iterations off what is left: all parts of a file together must not keep one busy for long. */
export declare function spend(s: Secret, iterations: number | bigint): number;
/** A salt within bounds. */
export declare const readSalt: (n: Node) => Bytes;
/** Decrypts with the scheme that an AlgorithmIdentifier names: PKCS#12's own, or one of key files. */
export declare function decryptWith(algorithm: Node, s: Secret, data: Bytes): Promise<Bytes>;
