import { type Bytes } from '../asn1/bytes';
import { type Hash } from '../asn1/oid';
/** Draws a new R: 160 random bits. It goes into the key's file with the key. */
export declare const newR: () => Bytes;
/** The VID of an identity number, digits only, and R: the hash of the hash of both. */
export declare function vid(idn: string, r: Uint8Array, hash?: Hash): Promise<Bytes>;
/**
 * Encrypts R to an authority's key-management certificate and gives the DER of
 * an EncryptedVID. `unsupported` when its key is not RSA of 2048 bits at least.
 */
export declare function encryptVid(r: Uint8Array, kmCertificate: Uint8Array): Promise<Bytes>;
/**
 * The RSA public-key operation on a padded block. No private key is at work,
 * so the time that it takes tells nothing of one.
 */
export declare function rsaesBlock(spki: Uint8Array, block: Uint8Array): Bytes;
