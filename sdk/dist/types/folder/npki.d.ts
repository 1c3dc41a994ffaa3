import { type Bytes } from '../asn1/bytes';
import { type Certificate } from '../x509/certificate';
import { type File } from './zip';
/** A certificate with its key file as an NPKI folder holds them, all DER. */
export interface NpkiEntry {
    /** The CA's folder, or the organisation that issued when there is none. */
    ca: string;
    /** The subject in the folder form. The certificate tells it; a folder's name is only a label. */
    dn: string;
    certificate: Bytes;
    /** Encrypted, not looked into. */
    key: Bytes;
    /** The pair for encryption, when both are there. */
    kmCertificate?: Bytes;
    kmKey?: Bytes;
}
/** Whether a path, with "/" between its parts, is one of the four files. */
export declare const isNpkiFile: (path: string) => boolean;
/**
 * Finds certificates with their keys among files: names in any case and Unicode
 * form, DER or PEM; zips are looked into. What can't be read does not keep the
 * others from being found; its error comes only when nothing is found.
 */
export declare function readNpki(files: Iterable<File>): Promise<NpkiEntry[]>;
/**
 * A zip with one certificate's folder, as every program of the field finds it
 * once it is unpacked: NPKI/<CA>/USER/<DN>/. Files are stored as they are.
 */
export declare function writeNpkiZip(entry: Omit<NpkiEntry, 'dn'> & {
    dn?: string;
}, at?: Date): Bytes;
/**
 * The name of a certificate's folder: its subject with the values as they are.
 * What some file system can't hold becomes an underscore, and an over-long name
 * is cut; a name changed this way ends in a hash, so that two never meet. The
 * same as the command line's.
 */
export declare function folderName({ subjectName, rawSubject }: Certificate): string;
