/** Bytes as all of this library takes and gives them. */
export type Bytes = Uint8Array<ArrayBuffer>;
/** The UTF-8 bytes of a text. */
export declare const encode: (text: string) => Bytes;
/** The text of UTF-8 bytes; throws a TypeError when they are not UTF-8. */
export declare const decode: (bytes: Uint8Array) => string;
/** All parts, one after the other, in new memory. */
export declare const concat: (...parts: Uint8Array[]) => Bytes;
/** The same for a list, which may be longer than an engine takes arguments. */
export declare function join(parts: Uint8Array[]): Bytes;
/** Orders bytes as DER orders a SET OF: by value, the shorter first. */
export declare function compare(a: Uint8Array, b: Uint8Array): number;
/** Whether the bytes are the same; the time tells nothing but the lengths. */
export declare function equal(a: Uint8Array, b: Uint8Array): boolean;
/** Lower-case hex. */
export declare const hex: (bytes: Uint8Array) => string;
/** The bytes of hex; what is no hex digit counts as 0. */
export declare const unhex: (text: string) => Bytes;
/** A copy in memory of its own, whatever buffer the bytes came in. */
export declare const copy: (bytes: Uint8Array) => Bytes;
/** Overwrites secrets as far as the language lets one. */
export declare const wipe: (...secrets: (Uint8Array | undefined)[]) => void;
/** Random bytes from the system. */
export declare const random: (size: number) => Bytes;
/**
 * The DER of a file that may be PEM: the first block is taken, whatever its
 * label. What is not PEM comes back as it is.
 */
export declare function unpem(file: Uint8Array): Bytes;
