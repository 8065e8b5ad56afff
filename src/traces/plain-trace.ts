import type { Trace } from "../sim/workload/trace.ts";

/** A trace of single LLM requests to application 0, numbered from 0: what most sources hold. */
export function plainTrace(
  columns: Pick<Trace, "arrivalSeconds" | "promptTokens" | "outputTokens" | "source" | "lines">,
): Trace {
  const count = columns.arrivalSeconds.length;
  return {
    ...columns,
    count,
    requestId: Int32Array.from({ length: count }, (_, row) => row),
    requestType: new Uint8Array(count).fill(2),
    applicationId: new Uint8Array(count),
    batchSize: new Uint8Array(count).fill(1),
  };
}
