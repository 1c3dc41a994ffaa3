import { type Bytes } from '../asn1/bytes';
import { type Encryption } from '../crypto/pbes';
import { type Certificate } from '../x509/certificate';
import type { Lock, Record } from './store';
/** One certificate of the wallet. Nothing in it is secret. */
export interface Entry {
    /** Names it in this wallet, and in every other: from the certificate's bytes. */
    id: string;
    /** The label that the person gave, or the owner's name. */
    name: string;
    certificate: Certificate;
    /** The CA as folders name it, e.g. `yessign`. */
    ca: string;
    addedAt: Date;
    /** How its key is sealed; `weak` is the old form, which is quickly guessed. */
    encryption: {
        scheme: Encryption['scheme'];
        iterations: number;
        weak: boolean;
    };
    /** Whether the key holds R, without which the owner can't prove who they are. */
    hasR: boolean;
    source: 'issued' | 'imported';
    /** Meant to leave this browser, and not kept yet. */
    temporary: boolean;
    /**
     * The entry that took its place: the bank has revoked this one. It may have
     * been removed since.
     */
    replacedBy?: string;
    /** Too many wrong passwords: rests until then. */
    lockedUntil?: Date;
}
/** What is shown of a record. */
export declare function entryOf(record: Record, lock?: Lock): Entry;
/** The first half of the certificate's SHA-256, in hex: the same certificate is the same entry. */
export declare function idOf(der: Bytes): Promise<string>;
/** The CA's name for the folder, from an issuer's name in folder form. */
export declare function caOf(issuer: string): string;
/** A text as a label: files come from anywhere, so without what turns or breaks a line, and not endless. */
export declare const label: (text: string) => string;
/** What a record has that comes from the certificate. */
export declare function blank(id: string, der: Bytes, chain: Uint8Array[], ca: string): {
    id: string;
    name: string;
    certificate: Bytes;
    chain: Bytes[];
    ca: string;
    addedAt: number;
    temporary: boolean;
};
/** Refuses a new password that breaks the rules. */
export declare function checkNew(password: string): void;
