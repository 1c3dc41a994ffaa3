/**
 * A rule that a new password breaks: under 10 characters; no letter a–z or
 * A–Z; no digit; no special character; one of ' " \ | in it, which some
 * program of the field can't take; something other than printable ASCII.
 */
export type PasswordProblem = 'short' | 'letter' | 'digit' | 'special' | 'forbidden' | 'charset';
/** The least number of characters of a new password. */
export declare const MIN_PASSWORD = 10;
/**
 * The rules of the field since September 2014 that a password breaks, each
 * once; none means that it may be set. Ask before a password is set, never
 * before a key is opened: older keys have shorter ones.
 */
export declare function passwordProblems(p: string): PasswordProblem[];
