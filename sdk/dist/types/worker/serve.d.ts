/** Starts answering, when this is the Worker. A page that imports the file is not. */
export declare function serveInWorker(): void;
