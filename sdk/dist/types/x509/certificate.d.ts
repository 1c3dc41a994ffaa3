import { type Bytes } from '../asn1/bytes';
import { type Name } from '../npki/name';
/** What a certificate says. */
export interface Certificate {
    der: Bytes;
    /** Lower-case hex of whole bytes, and the content of the INTEGER. */
    serial: string;
    rawSerial: Bytes;
    /** Folder form, `cn=…,ou=…,o=…,c=kr`. */
    issuer: string;
    subject: string;
    /** DER. */
    rawIssuer: Bytes;
    rawSubject: Bytes;
    issuerName: Name;
    subjectName: Name;
    /** The common name of the subject. */
    cn: string;
    /** The real name in the IdentifyData, else what stands before the bracket in the common name. */
    owner: string;
    notBefore: Date;
    /** The last second it is valid. */
    notAfter: Date;
    /** DER of the SubjectPublicKeyInfo. */
    spki: Bytes;
    /** The policies' identifiers, dotted. */
    policies: string[];
    /** What it says of its use: to sign, to encrypt keys, to issue certificates. All false when it says nothing. */
    usage: {
        sign: boolean;
        encrypt: boolean;
        ca: boolean;
    };
    /** The subject key identifier. */
    ski?: Bytes;
    /** SHA-256 of the DER in lower-case hex. */
    fingerprint(): Promise<string>;
}
/** Bounds a certificate, in bytes of DER. */
export declare const MAX_CERTIFICATE: number;
/** Reads one certificate, DER or PEM. Throws `format`. */
export declare function readCertificate(file: Uint8Array): Certificate;
