import type { Operations, Step } from './operations';
type Call = <K extends keyof Operations>(operation: K, argument: Parameters<Operations[K]>[0], onStep?: (step: Step) => void) => ReturnType<Operations[K]>;
export interface Connection {
    /** Runs an operation in the Worker; throws the WalletError it threw there. */
    call: Call;
    /** Ends the Worker; what is asked next starts another. */
    close(): void;
}
/** A way to the Worker whose script stands at `url`. */
export declare function connect(url: string | URL): Connection;
export {};
