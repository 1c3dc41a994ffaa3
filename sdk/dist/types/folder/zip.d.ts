import { type Bytes } from '../asn1/bytes';
/** A file with its path, parts separated by "/". */
export interface File {
    path: string;
    bytes: Bytes;
}
/** Bounds on an archive from outside, in bytes. */
export declare const MAX_ZIP: number;
export declare const MAX_ENTRIES: number;
export declare const MAX_FILE: number;
export declare const MAX_TOTAL: number;
/** Above this many bytes out of one, an entry is made to blow up, not to hold keys. */
export declare const MAX_RATIO = 100;
/** Whether these bytes begin as a zip does. */
export declare const isZip: (b: Uint8Array) => boolean;
/**
 * The files of a zip that `want` takes by their path; the others are not even
 * inflated. Stored and deflated entries, names in UTF-8 or CP949.
 *
 * Errors: format (damaged, not a zip), too-large (beyond the bounds above),
 * unsupported (zip64, encrypted, split or another method).
 */
export declare function unzip(zip: Bytes, want: (path: string) => boolean): Promise<File[]>;
/**
 * A zip of stored files, names in UTF-8 and flagged so, for the owner alone
 * where the file system knows that.
 */
export declare function zip(files: File[], at?: Date): Bytes;
