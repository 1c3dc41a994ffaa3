import { type Lock, type Store } from './store';
/** Wrong passwords in a row that are free. */
export declare const FREE_TRIES = 5;
/** How long a key rests after this many wrong passwords in a row, in ms. */
export declare function restAfter(tries: number): number;
/**
 * Runs `attempt`, which throws 'wrong-password' when the password is wrong.
 * The try is counted before it is made, in one transaction that all tabs
 * share: guesses made at once, or cut off by a reload, are counted too. A
 * right password clears the count; another failure gives the try back.
 */
export declare function guard<T>(store: Store, id: string, attempt: () => Promise<T>): Promise<T>;
/** The end of a rest. A clock that was set back makes it begin anew: it is neither longer than it was, nor over. */
export declare const restsUntil: ({ until, tries }: Lock, now?: number) => number;
