import { type Bytes } from '../asn1/bytes';
import type { Connection } from '../worker/client';
import type { Step } from '../worker/operations';
import { type Pending, type Store } from './store';
/** What {@link Wallet.begin} needs: the bank's answer to "may I make a key". */
export interface Begin {
    /** Names the application; the same name again finds the same key. */
    application: string;
    /** The bank's challenge, at most 255 bytes; the request is bound to it. */
    challenge: string;
    /** The CA's key-management certificate (DER), to which R is encrypted. */
    kmCertificate: Uint8Array;
    /** RSA modulus in bits, 2048 to 4096. */
    bits: number;
    /** The CA's name as folders have it, e.g. `yessign`. */
    ca: string;
    /** The password that will open the key. */
    password: string;
    /**
     * A renewal: the entry whose certificate this one takes the place of, and its
     * password, which may be the same as the new one. Its key signs the request.
     */
    replaces?: {
        id: string;
        password: string;
    };
    /** The certificate will leave this browser: it is marked until {@link Wallet.keep}. */
    temporary?: boolean;
    /** A word of the caller's own for {@link Wallet.unfinished} to give back, such as how to go on. */
    note?: string;
    /** Told while each step begins. */
    onProgress?(step: Step): void;
}
/** A key of this browser that waits for its certificate. */
export interface Unfinished {
    /** As {@link Begin} named it. */
    application: string;
    ca: string;
    begunAt: Date;
    /** SHA-256 of its SubjectPublicKeyInfo, hex. */
    keyHash: string;
    /** As {@link Begin} gave it. */
    note?: string;
    /** The entry that it renews. */
    replaces?: string;
}
/** See Wallet.begin. Only one tab at a time makes a key for an application. */
export declare function begin(store: Store, worker: Connection, o: Begin): Promise<{
    request: Bytes;
}>;
/** The key that waits for an application's certificate. */
export declare function pendingOf(store: Store, application: string): Promise<Pending | undefined>;
/** See Wallet.unfinished. */
export declare function unfinished(store: Store): Promise<Unfinished[]>;
/** See Wallet.discard. */
export declare function discard(store: Store, application: string): Promise<void>;
/** See Wallet.finish; `changed` says whether something came into the wallet. */
export declare function finish(store: Store, application: string, certificate: Bytes, chain: Uint8Array[]): Promise<{
    id: string;
    changed: boolean;
}>;
