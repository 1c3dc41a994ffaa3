import { type Bytes } from '../asn1/bytes';
import { type Node } from '../asn1/der';
import { type Hash } from '../asn1/oid';
export declare const signingCertificate = "1.2.840.113549.1.9.16.2.12";
export declare const signingCertificateV2 = "1.2.840.113549.1.9.16.2.47";
/** Bounds on messages from outside. */
export declare const MAX_CERTIFICATES = 64;
export declare const MAX_SIGNERS = 16;
export interface Attributes {
    contentType: string;
    messageDigest: Bytes;
    signingTime?: Date;
    /** The hash by which they name the signer's certificate. */
    certificate?: {
        hash: Hash;
        value: Bytes;
    };
}
/** The hash that a digestAlgorithm names. */
export declare function readHash(n: Node): Hash;
/** Reads attributes, each of which stands once; contentType and messageDigest must be there. */
export declare function readAttributes(list: Node[]): Attributes;
/** Whether the attributes name this certificate, or none at all. */
export declare const names: (a: Attributes, certificate: Bytes) => Promise<boolean>;
