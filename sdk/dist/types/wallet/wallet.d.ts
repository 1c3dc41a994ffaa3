import { type Bytes } from '../asn1/bytes';
import { type Entry } from './entry';
import { type Begin, type Unfinished } from './issue';
/** A certificate with its key file, as {@link find} gives it. */
export interface Item {
    certificate: Uint8Array;
    key: Uint8Array;
    ca?: string;
    kmCertificate?: Uint8Array | undefined;
    kmKey?: Uint8Array | undefined;
}
/** How {@link Wallet.sign} signs. The default is what banks take: content inside, no attributes. */
export interface SignOptions {
    /** Leaves the content out of the message. */
    detached?: boolean;
    /** Adds signed attributes: type, digest, signing time, ESS signing-certificate-v2. */
    attributes?: boolean;
    /** The time that the attributes say; now, when it is left out. */
    signingTime?: Date;
    /** Puts the CA's certificates into the message, when the wallet has them. */
    withChain?: boolean;
}
/**
 * A person's certificates in this browser. Keys are kept only encrypted under
 * the person's password, opened in a Worker for one act and dropped. Five wrong
 * passwords make a key rest 30 seconds, each further one twice as long, up to
 * half an hour. All tabs of an origin share one wallet.
 *
 * Every method throws {@link WalletError} and nothing else.
 */
export declare class Wallet {
    #private;
    private constructor();
    /**
     * Opens the wallet of this origin, and makes it the first time.
     *
     * @param o.name the database's name; another name is another wallet
     * @param o.workerUrl where ingam-wallet.js is served (same origin). Needed
     *   only when a bundler has put the library into a file of another name.
     */
    static open(o?: {
        name?: string;
        workerUrl?: string | URL;
    }): Promise<Wallet>;
    /** Lets go of database and Worker. The wallet can't be used any more. */
    close(): void;
    /** All certificates, the newest first. */
    list(): Promise<Entry[]>;
    /** One certificate; 'not-found' when there is none of that id. */
    get(id: string): Promise<Entry>;
    /**
     * Makes a key pair and R in the Worker, stores them sealed, and gives the
     * certification request to send. Called again for the same application, after
     * a reload or a lost answer, it gives a request for the same key if the
     * password is the same, and throws 'wrong-password' if it is not.
     *
     * With `replaces` it is a renewal: the request comes as CMS, signed by the
     * old key as `sign` signs without options. An error about the old entry
     * ('wrong-password', 'locked', 'not-found') names it in `detail.entry`.
     */
    begin(o: Begin): Promise<{
        request: Bytes;
    }>;
    /** Whether a key was made for this application and waits for its certificate. */
    pending(application: string): Promise<boolean>;
    /**
     * The keys that wait for their certificates, the latest first: whoever left
     * before {@link finish}, or lost the answer, goes on from here.
     */
    unfinished(): Promise<Unfinished[]>;
    /** Throws the key away that waits for this application's certificate, if there is one. */
    discard(application: string): Promise<void>;
    /**
     * Puts the certificate that came for an application beside its key. Asking
     * again, after a lost answer, gives the same entry. 'key-mismatch' when the
     * certificate is for another key. An entry that was renewed stays, marked as
     * replaced.
     */
    finish(application: string, certificate: Uint8Array, chain?: Uint8Array[]): Promise<Entry>;
    /**
     * Adds a certificate and its key file of any Korean CA. The key is opened
     * once, to see that password and certificate belong to it, and kept in the
     * form it came in, or with `modernise` sealed anew in today's form.
     */
    add(item: Item, password: string, o?: {
        modernise?: boolean;
    }): Promise<Entry>;
    /**
     * Adds all certificates with keys of a PFX (PKCS#12) file. They are sealed
     * under the same password, or under `newPassword`, which a file without a
     * password must have. 'exists' only when all of them were here already.
     */
    addPfx(file: Uint8Array, password: string, newPassword?: string): Promise<Entry[]>;
    /**
     * Signs a content (PKCS#7/CMS SignedData, SHA-256 with RSA). A text is signed
     * as UTF-8. Whether the certificate is expired is the caller's to ask: a
     * signature of an expired one is made here and refused by who verifies.
     */
    sign(id: string, password: string, content: Uint8Array | string, o?: SignOptions): Promise<Bytes>;
    /** Gives a certificate another label. */
    rename(id: string, name: string): Promise<void>;
    /**
     * Marks what is here of a certificate that the bank has revoked because the
     * entry `by` took its place, as after a reissue: that of the same issuer with
     * this serial (hex, as {@link Certificate} has it). Says whether there was one.
     */
    replaced(serial: string, by: string): Promise<boolean>;
    /** Keeps a certificate that was meant to leave this browser. */
    keep(id: string): Promise<void>;
    /** Deletes certificate and key. There is no way back. */
    remove(id: string): Promise<void>;
    /**
     * Seals the key under another password, in today's form; R stays in it.
     * 'password' with `detail.problems` when the new one breaks the rules.
     */
    changePassword(id: string, old: string, next: string): Promise<void>;
    /**
     * The NPKI folder of a certificate as a zip: NPKI/<CA>/USER/<DN>/signCert.der
     * and signPri.key, under the key's password. The key is sealed in today's
     * form (PBES2, AES-256), or with `compatible` in the old one (SEED, SHA-1,
     * 2,048 rounds) that every Korean program reads but that is quickly guessed.
     */
    exportZip(id: string, password: string, o?: {
        compatible?: boolean;
    }): Promise<Bytes>;
    /**
     * Certificate, key, R and CA certificates as PFX (PKCS#12), under the key's
     * password: with AES-256, or with `compatible` in the old, weak form (3DES,
     * SHA-1, 2,048 rounds) that old programs read.
     */
    exportPfx(id: string, password: string, o?: {
        compatible?: boolean;
    }): Promise<Bytes>;
    /** Calls `fn` after every change, in whichever tab; gives the way to stop it. */
    subscribe(fn: () => void): () => void;
}
