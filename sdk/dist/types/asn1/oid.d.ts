export declare const identifyData = "1.2.410.200004.10.1.1";
export declare const virtualId = "1.2.410.200004.10.1.1.1";
export declare const encryptedVid = "1.2.410.200004.10.1.1.2";
export declare const randomNum = "1.2.410.200004.10.1.1.3";
export declare const seedCbc = "1.2.410.200004.1.4";
export declare const pbeSeed = "1.2.410.200004.1.15";
export declare const rsaEncryption = "1.2.840.113549.1.1.1";
export declare const sha256WithRsa = "1.2.840.113549.1.1.11";
export declare const sha384WithRsa = "1.2.840.113549.1.1.12";
export declare const sha512WithRsa = "1.2.840.113549.1.1.13";
export declare const pbkdf2 = "1.2.840.113549.1.5.12";
export declare const pbes2 = "1.2.840.113549.1.5.13";
export declare const aes128Cbc = "2.16.840.1.101.3.4.1.2";
export declare const aes256Cbc = "2.16.840.1.101.3.4.1.42";
export declare const sha1 = "1.3.14.3.2.26";
export declare const sha256 = "2.16.840.1.101.3.4.2.1";
export declare const sha384 = "2.16.840.1.101.3.4.2.2";
export declare const sha512 = "2.16.840.1.101.3.4.2.3";
export declare const data = "1.2.840.113549.1.7.1";
export declare const signedData = "1.2.840.113549.1.7.2";
export declare const encryptedData = "1.2.840.113549.1.7.6";
export declare const contentType = "1.2.840.113549.1.9.3";
export declare const messageDigest = "1.2.840.113549.1.9.4";
export declare const signingTime = "1.2.840.113549.1.9.5";
export declare const challengePassword = "1.2.840.113549.1.9.7";
export declare const subjectKeyId = "2.5.29.14";
export declare const keyUsage = "2.5.29.15";
export declare const subjectAltName = "2.5.29.17";
export declare const basicConstraints = "2.5.29.19";
export declare const certificatePolicies = "2.5.29.32";
/** The hash functions by their WebCrypto names. */
export type Hash = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';
/** Their identifiers. */
export declare const hashes: Record<Hash, string>;
/** HMAC with them, as PBKDF2 names its pseudo-random function. */
export declare const hmacs: Record<Hash, string>;
/** The key of an entry of a table, undefined when no entry has the value. */
export declare const keyOf: <K extends string>(table: Record<K, string>, value: string) => K | undefined;
