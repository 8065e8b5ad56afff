/** What to say when a worker thread did not answer. */
import { SweepError } from "../../errors.ts";

export function timeoutError(timeoutSeconds: number, cause: unknown): SweepError {
  return new SweepError("SIMULATION", `the run did not end within ${timeoutSeconds} s`, {
    hint: "allow more time by --timeout",
    cause,
  });
}

/** `error` as the pool gives it when a worker died. `maxHeapMebibytes`: the limit that was set, if any. */
export function workerError(error: unknown, maxHeapMebibytes: number | undefined): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") {
    const limit = maxHeapMebibytes === undefined ? "" : ` of ${maxHeapMebibytes} MiB`;
    return new SweepError("SIMULATION", `the worker ran out of memory: its heap limit${limit} is reached`, {
      hint: "allow each worker more heap by --memory, run fewer at once, or write fewer of a run's outputs",
      cause: error,
    });
  }
  if (error instanceof Error) {
    return new SweepError("SIMULATION", `the worker died: ${error.message}`, { cause: error });
  }
  return error;
}
