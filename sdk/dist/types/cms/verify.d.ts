import { type Bytes } from '../asn1/bytes';
import { type Hash } from '../asn1/oid';
import { type Certificate } from '../x509/certificate';
/** Who signed. Whether the certificate may be trusted is not said here. */
export interface Signer {
    certificate: Certificate;
    hash: Hash;
    /** SHA-1: the signature proves nothing any more. */
    weak: boolean;
    /** Whether there were signed attributes. */
    attributes: boolean;
    /** Whether the attributes name the certificate by its hash. */
    bound: boolean;
    /** The signer's word, no proof. */
    signingTime?: Date;
}
/** The content that a message carries; undefined when it is detached. Verifies nothing. */
export declare const contentOf: (message: Uint8Array) => Bytes | undefined;
/**
 * Verifies all signatures of a PKCS#7/CMS SignedData, DER, BER or PEM, over RSA
 * PKCS#1 v1.5. Only the mathematics: no path, no revocation, no validity.
 *
 * @param content needed when the message is detached; else it must be what is inside.
 * Errors: signature, digest (other content), no-content, not-found (the
 * signer's certificate is not in the message), unsupported, format, too-large.
 */
export declare function verify(message: Uint8Array, content?: Uint8Array): Promise<Signer[]>;
