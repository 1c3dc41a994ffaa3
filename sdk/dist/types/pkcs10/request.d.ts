import type { Bytes } from '../asn1/bytes';
import { type PrivateKey } from '../npki/key';
/**
 * Makes a request; challenge and EncryptedVID are left out when empty. The
 * same key and parts give the same bytes. Codes: `format`; `unsupported` for a
 * key that no certificate is issued for.
 */
export declare function createRequest(k: PrivateKey, challenge: string, encryptedVid: Uint8Array): Promise<Bytes>;
