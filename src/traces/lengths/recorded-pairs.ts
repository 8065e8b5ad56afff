/** Prompt and output lengths of the requests of a trace, drawn together and with replacement. */
import { ConfigError } from "../../errors.ts";
import type { RandomStream } from "../../sim/kernel/random.ts";
import type { Trace } from "../../sim/workload/trace.ts";
import { decompress } from "../decompress.ts";
import { parseAnyTrace } from "../read-trace-file.ts";
import type { GeneratedParameters } from "../trace.schema.ts";

type PairParameters = Pick<GeneratedParameters["lengths"], "max_context" | "by_application">;

/** Requests that may be drawn, of all applications or of one. */
interface Pool {
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
}

/** Read once for all traces that are drawn from the same bytes in memory. */
const known = new WeakMap<Uint8Array, Trace>();

/**
 * Draws the tokens of prompt and output: one draw of the stream per request. Errors: TraceError for a malformed file;
 * ConfigError if the largest context leaves no request, or none of an application that is asked for.
 */
export function recordedPairs(
  bytes: Uint8Array,
  source: string,
  { max_context: maxContext, by_application: byApplication = false }: PairParameters,
): (random: RandomStream, application: number) => readonly [number, number] {
  const trace = known.get(bytes) ?? parseAnyTrace(decompress(bytes, source), source).trace;
  known.set(bytes, trace);
  const pools = poolsOf(trace, maxContext ?? Number.POSITIVE_INFINITY, byApplication);
  if (pools.size === 0) {
    throw new ConfigError("invalid_value", `No request of ${source} has at most ${maxContext} tokens.`, {
      path: "trace.lengths.max_context",
    });
  }
  return (random, application) => {
    const pool = pools.get(byApplication ? application : 0);
    if (pool === undefined) throw noPool(source, application, pools);
    const row = random.below(pool.promptTokens.length);
    return [pool.promptTokens[row], pool.outputTokens[row]];
  };
}

function poolsOf(trace: Trace, maxContext: number, byApplication: boolean): ReadonlyMap<number, Pool> {
  const rows = new Map<number, number[]>();
  for (let row = 0; row < trace.count; row++) {
    if (trace.promptTokens[row] + trace.outputTokens[row] > maxContext) continue;
    const application = byApplication ? trace.applicationId[row] : 0;
    const ofApplication = rows.get(application);
    if (ofApplication === undefined) rows.set(application, [row]);
    else ofApplication.push(row);
  }
  const pick = (column: Int32Array, chosen: number[]) => Int32Array.from(chosen, (row) => column[row]);
  return new Map(
    [...rows].map(([application, chosen]) => [
      application,
      { promptTokens: pick(trace.promptTokens, chosen), outputTokens: pick(trace.outputTokens, chosen) },
    ]),
  );
}

function noPool(source: string, application: number, pools: ReadonlyMap<number, Pool>): ConfigError {
  const has = [...pools.keys()].sort((a, b) => a - b);
  return new ConfigError(
    "invalid_value",
    `${source} has no request of application ${application} to draw lengths from.`,
    {
      path: "trace.lengths.by_application",
      hint: `It has those of application ${has.slice(0, 10).join(", ")}${has.length > 10 ? ", ..." : ""}. Set it to false to draw from all.`,
    },
  );
}
