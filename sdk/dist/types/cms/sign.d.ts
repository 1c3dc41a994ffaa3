import { type Bytes } from '../asn1/bytes';
/** What form a signature takes. Without any: what banks and logins of the field use. */
export interface SignOptions {
    /** Leaves the content out of the message. */
    detached?: boolean;
    /** Adds contentType, messageDigest, signingTime and signing-certificate-v2 (RFC 5652 §11, RFC 5035). */
    attributes?: boolean;
    /** The time that the attributes tell, to the second; now unless given. */
    signingTime?: Date;
    /** Certificates that go along, in this order, before the signer's own. */
    chain?: Uint8Array[];
}
/**
 * Signs content as PKCS#7/CMS SignedData: RSA PKCS#1 v1.5 with SHA-256, DER.
 * Attached and without attributes, the bytes are those of
 * `openssl smime -sign -binary -nodetach -noattr -md sha256 -outform DER`.
 *
 * Errors: key-mismatch when the certificate is for another key, too-large for
 * attached content of over 32 MiB (sign it detached), format, unsupported.
 */
export declare function sign(content: Uint8Array, certificate: Uint8Array, key: CryptoKey, o?: SignOptions): Promise<Bytes>;
