import type { Code, Detail } from '../error';
import type { Operations, Step } from './operations';
/** The name that tells the file that it was started as the Worker. */
export declare const WORKER = "ingam-wallet";
/** What the page asks. */
export interface Ask {
    id: number;
    operation: keyof Operations;
    argument: unknown;
}
/** What the Worker tells: a step on the way, or the end. */
export type Tell = {
    id: number;
    step: Step;
} | {
    id: number;
    value: unknown;
} | {
    id: number;
    code: Code;
    detail?: Detail;
};
