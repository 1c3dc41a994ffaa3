import type { Bytes } from '../asn1/bytes';
import { type Certificate } from '../x509/certificate';
import type { Item } from './wallet';
/** A certificate with key that was found, or a PFX file, which opens only with its password. */
export type Found = {
    kind: 'npki';
    path: string;
    item: Item;
    certificate: Certificate;
} | {
    kind: 'pfx';
    path: string;
    file: Bytes;
};
/**
 * Looks for certificates with keys in files, folders and zips: the `files` of
 * an `<input type="file">` (with `webkitdirectory` for folders), or the
 * `dataTransfer` of a drop. Nothing is opened and nothing leaves the page. Call
 * it at once in the drop's handler: a browser forgets the files afterwards.
 */
export declare function find(source: Iterable<File> | DataTransfer): Promise<Found[]>;
