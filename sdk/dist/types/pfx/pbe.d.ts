import { type Bytes } from '../asn1/bytes';
import { type Node } from '../asn1/der';
/** What opens a file: the password in its two forms, and the iterations that may still be spent on it. */
export interface Secret {
    utf8: Bytes;
    /** UTF-16 with a zero at its end; an empty password is also found as no bytes at all. */
    bmp: Bytes;
    left: number;
    /** Some part came out as what it should be: the password is right. */
    opened: boolean;
}
export declare const secretOf: (password: string) => Secret;
/** Takes iterations off what is left: all parts of a file together must not keep one busy for long. */
export declare function spend(s: Secret, iterations: number | bigint): number;
/** A salt within bounds. */
export declare const readSalt: (n: Node) => Bytes;
/**
 * Opens what an AlgorithmIdentifier and a ciphertext hold, by PKCS#12's own
 * schemes or those of key files, and hands it to `use`: one SEQUENCE, else it
 * was the wrong password. It is wiped afterwards.
 */
export declare function opened<T>(how: Node, s: Secret, data: Bytes, use: (n: Node) => T): Promise<Awaited<T>>;
/** Encrypts with triple DES, for programs that read nothing else: AlgorithmIdentifier and ciphertext. */
export declare function encryptWith3Des(s: Secret, iterations: number, plain: Bytes): Promise<[algorithm: Bytes, ciphertext: Bytes]>;
