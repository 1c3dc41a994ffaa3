import { type Bytes } from '../asn1/bytes';
import { type Encryption } from '../crypto/pbes';
/** How a key is sealed, as far as it is shown. */
export type Form = Pick<Encryption, 'scheme' | 'iterations' | 'hash'>;
/** A step of making a key, told while it begins; `open` is that of the old key, in a renewal. */
export type Step = 'open' | 'key' | 'seal' | 'request';
/** A key as the wallet keeps it. */
export interface Sealed {
    key: Bytes;
    encryption: Form;
}
interface Made extends Sealed {
    spki: Bytes;
    request: Bytes;
}
interface Bound {
    challenge: string;
    kmCertificate: Bytes;
}
/** The key that a renewal is signed with. */
export interface Old {
    key: Bytes;
    password: string;
    certificate: Bytes;
}
export declare const operations: {
    /**
     * Makes a key pair and R, seals them, and writes the request for them. In a
     * renewal the old key signs the request. It is opened first: a wrong password
     * should not cost the making of a key.
     */
    make(a: Bound & {
        bits: number;
        password: string;
        old?: Old;
    }, tell: (step: Step) => void): Promise<Made>;
    /** The request for a key that was made before. */
    request: (a: Bound & {
        key: Bytes;
        password: string;
    }) => Promise<Bytes>;
    /** Opens a key to see that the password is right and what it holds. */
    check: (a: {
        key: Bytes;
        password: string;
    }) => Promise<{
        spki: Bytes;
        hasR: boolean;
        encryption: Form;
    }>;
    /** Seals a key with another password or in another form; R stays in it. */
    reseal: (a: {
        key: Bytes;
        password: string;
        newPassword?: string;
        compatible?: boolean;
    }) => Promise<Sealed>;
    /** Signs a content; see the wallet's sign for the options. */
    sign: (a: {
        key: Bytes;
        password: string;
        certificate: Bytes;
        content: Bytes;
        detached?: boolean;
        attributes?: boolean;
        signingTime?: Date;
        chain?: Bytes[];
    }) => Promise<Bytes>;
    /** Opens a PFX and seals each key in it anew, under `newPassword` if given. */
    readPfx(a: {
        file: Bytes;
        password: string;
        newPassword?: string;
    }): Promise<(Sealed & {
        certificate: Bytes;
        chain: Bytes[];
        spki: Bytes;
        hasR: boolean;
    })[]>;
    /** Writes a PFX, under the key's password; R goes with it. */
    writePfx: (a: {
        key: Bytes;
        password: string;
        certificate: Bytes;
        chain: Bytes[];
        name: string;
        compatible: boolean;
    }) => Promise<Bytes>;
};
export type Operations = typeof operations;
export {};
