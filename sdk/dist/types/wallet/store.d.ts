import type { Encryption } from '../crypto/pbes';
type Bytes = Uint8Array<ArrayBuffer>;
/** One certificate with its sealed key, as it is stored. */
export interface Record {
    id: string;
    name: string;
    certificate: Bytes;
    chain: Bytes[];
    ca: string;
    key: Bytes;
    encryption: Pick<Encryption, 'scheme' | 'iterations' | 'hash'>;
    hasR: boolean;
    addedAt: number;
    source: 'issued' | 'imported';
    temporary: boolean;
    km?: {
        certificate: Bytes;
        key: Bytes;
    };
    /** The entry that took its place. */
    replacedBy?: string;
}
/** A sealed key whose certificate has not come yet. */
export interface Pending {
    application: string;
    key: Bytes;
    spki: Bytes;
    /** What is sent: in a renewal, signed by the old key. */
    request: Bytes;
    /** The entry that it renews. */
    replaces?: string;
    challenge: string;
    kmCertificate: Bytes;
    encryption: Record['encryption'];
    ca: string;
    temporary: boolean;
    note?: string;
    addedAt: number;
}
/** Wrong passwords in a row for one key, and until when it rests. */
export interface Lock {
    id: string;
    tries: number;
    until: number;
}
export type Table = 'entries' | 'pending' | 'locks';
/** Gives the store of one table inside a transaction. */
export type Tables = (table: Table) => IDBObjectStore;
export interface Store {
    /**
     * Runs `work` in one transaction over all tables. It must await nothing but
     * {@link done} of requests of that transaction. Resolves once it is on disk.
     */
    run<T>(mode: 'readonly' | 'readwrite', work: (table: Tables) => Promise<T>): Promise<T>;
    close(): void;
}
/** The result of one request. */
export declare function done<T>(request: IDBRequest<T>): Promise<T>;
/** Opens the database `name`, and makes it the first time. */
export declare function openStore(name: string): Promise<Store>;
export {};
