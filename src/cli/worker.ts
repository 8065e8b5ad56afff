/** What a worker thread runs. */
import { runOne } from "../run-one.ts";
import { threadWorker } from "../sweep/launchers/thread-worker.ts";

// Piscina calls a worker file's default export.
export default threadWorker(runOne);
