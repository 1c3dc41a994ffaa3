import { WalletError } from '../error';
import { type Bytes, concat } from './bytes';
export { type Bytes, concat };
/** Says that bytes are not the ASN.1 that was expected; its code is `format`. */
export declare class DerError extends WalletError {
    constructor();
}
/** Throws a DerError. */
export declare const bad: () => never;
/** One element. `tag` is its identifier octet: 0x30 a SEQUENCE, 0xa0 a constructed [0]. */
export interface Node {
    readonly tag: number;
    /** Where it starts and ends in the bytes that were parsed, and the size of tag and length. */
    readonly start: number;
    readonly end: number;
    readonly header: number;
    /** Its content, and all of it with tag and length: views, not copies. */
    readonly value: Bytes;
    readonly raw: Bytes;
    /** The elements inside; DerError when it is primitive. */
    children(): Node[];
}
/** Bounds: bytes, elements within elements, elements side by side, and all that are looked at in BER. */
export declare const MAX_SIZE: number;
/**
 * Reads one element, with nothing after it. DER, or with `ber` also
 * indefinite and long-winded lengths. Throws a DerError.
 */
export declare function parse(bytes: Uint8Array, opts?: {
    ber?: boolean;
}): Node;
/** The parts of a SEQUENCE or SET, taken from the front. Each throws a DerError. */
export interface Fields {
    /** The next part, which must have this tag if one is named. */
    take(tag?: number): Node;
    /** The next part if it has this tag. */
    may(tag: number): Node | undefined;
    /** The parts that are left. */
    rest(): Node[];
    /** Checks that none is left. */
    end(): void;
}
/** Opens an element that must have this tag (0x30, SEQUENCE, unless named). */
export declare function fields(n: Node, tag?: number): Fields;
/** The element itself when it has this tag; a DerError otherwise. */
export declare const expect: (n: Node | undefined, tag: number) => Node;
/** The one element within an explicit tag. */
export declare function inner(n: Node): Node;
/** AlgorithmIdentifier: its identifier and its parameters, if any. */
export declare function readAlgorithm(n: Node): {
    oid: string;
    params?: Node;
};
/** Whether parameters are what an algorithm without parameters may carry. */
export declare const noParams: (params?: Node) => boolean;
/** An OBJECT IDENTIFIER as dotted numbers, each under 2^31. */
export declare function readOid(n: Node): string;
/** An INTEGER of up to 2048 bytes. */
export declare function readInt(n: Node): bigint;
/** An INTEGER from 0 to 2^31-1. */
export declare function readSmall(n: Node): number;
/** The unsigned number that big-endian bytes stand for. */
export declare const toBig: (b: Uint8Array) => bigint;
/** The content of an OCTET STRING; in BER it may come in pieces. */
export declare const readOctets: (n: Node) => Bytes;
/** A BIT STRING that is whole bytes. */
export declare function readBits(n: Node): Bytes;
/** Any of the string types as text; T61String is taken as UTF-8 or Latin-1, as nobody writes real T.61. */
export declare function readString(n: Node): string;
/** UTCTime or GeneralizedTime with seconds, in UTC, as RFC 5280 wants them. */
export declare function readTime(n: Node): Date;
/** An element of any tag. */
export declare function tlv(tag: number, ...content: Uint8Array[]): Bytes;
/** SEQUENCE of what is given. */
export declare const seq: (...c: Uint8Array[]) => Bytes;
/** SET, in the order given. */
export declare const set: (...c: Uint8Array[]) => Bytes;
/** SET OF, in the order that DER asks for. */
export declare const setOf: (...c: Uint8Array[]) => Bytes;
/** INTEGER; bytes stand for the unsigned number. Not for negative numbers. */
export declare function int(n: number | bigint | Uint8Array): Bytes;
/** The big-endian bytes of a number that is not negative, as many as asked for or as it needs. */
export declare function fromBig(n: bigint, size?: number): Bytes;
/** OBJECT IDENTIFIER from dotted numbers. */
export declare function oid(dotted: string): Bytes;
/** NULL. */
export declare const nul: () => Bytes;
/** AlgorithmIdentifier; without parameters unless they are given. */
export declare const algorithm: (id: string, ...params: Uint8Array[]) => Bytes;
/** OCTET STRING. */
export declare const octets: (b: Uint8Array) => Bytes;
/** BIT STRING of whole bytes. */
export declare const bits: (b: Uint8Array) => Bytes;
/** UTF8String. */
export declare const utf8: (s: string) => Bytes;
/** PrintableString; the caller sees to its letters. */
export declare const printable: (s: string) => Bytes;
/** [n] EXPLICIT. */
export declare const ctx: (n: number, ...content: Uint8Array[]) => Bytes;
/** [n] IMPLICIT of a primitive or constructed type. */
export declare const implicit: (n: number, constructed: boolean, ...content: Uint8Array[]) => Bytes;
/** UTCTime for the years 1950 to 2049, GeneralizedTime for all others (RFC 5280 section 4.1.2.5). */
export declare function time(at: Date): Bytes;
