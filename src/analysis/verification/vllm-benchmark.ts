/**
 * The result of vLLM's serving benchmark (`vllm bench serve --save-result --save-detailed`, before that
 * `benchmark_serving.py --save-result`): JSON with a list per field and an entry per request, times in seconds.
 */
import { TraceError } from "../../errors.ts";
import { FieldReader, field, isJsonObject, type JsonObject } from "./record-fields.ts";
import type { ServedRequest } from "./served-request.ts";

export interface BenchmarkRequests {
  readonly requests: ServedRequest[];
  readonly notes: string[];
}

export function isVllmBenchmark(value: unknown): value is JsonObject {
  return isJsonObject(value) && (Object.hasOwn(value, "input_lens") || Object.hasOwn(value, "total_input_tokens"));
}

/** Requests that the benchmark records as failed are left out. Errors: TraceError. */
export function readVllmBenchmark(result: JsonObject, file: string): BenchmarkRequests {
  const lists = Object.fromEntries(
    (["input_lens", "output_lens", "ttfts", "itls"] as const).map((name) => [name, listOf(result, name, file)]),
  );
  const count = lists.input_lens.length;
  for (const [name, list] of Object.entries(lists)) {
    if (list.length !== count) {
      throw new TraceError(`${name} has ${list.length} entries, and input_lens has ${count}.`, { file });
    }
  }
  const starts = startSeconds(result, count);
  const failed = failures(result);
  const reader = new FieldReader();
  const requests: ServedRequest[] = [];
  for (let index = 0; index < count; index++) {
    if (failed.has(index)) continue;
    const at = (name: string) => `${name}[${index}]`;
    const ttft = reader.seconds(lists.ttfts[index], at("ttfts"), { file });
    const streamed = sum(lists.itls[index], at("itls"), reader, file);
    const start = starts === undefined ? undefined : reader.seconds(starts[index], at("start_times"), { file });
    requests.push({
      name: String(index),
      promptTokens: reader.tokens(lists.input_lens[index], at("input_lens"), { file }),
      outputTokens: reader.tokens(lists.output_lens[index], at("output_lens"), { file }),
      arrivalSeconds: start,
      queueSeconds: undefined,
      ttftSeconds: ttft,
      e2eSeconds: ttft === undefined ? undefined : ttft + streamed,
    });
  }
  reader.finish();
  const notes =
    failed.size === 0 ? [] : [`${failed.size} of ${count} requests failed in the benchmark and are left out`];
  return { requests: fromFirstArrival(requests), notes };
}

function listOf(result: JsonObject, name: string, file: string): readonly unknown[] {
  const list = field(result, name);
  if (Array.isArray(list)) return list;
  throw new TraceError(
    `The benchmark's result has no list ${name}.`,
    { file },
    {
      hint: "Run the benchmark with --save-result --save-detailed, which keep the times of every request.",
    },
  );
}

/** Newer versions record when each request was sent; with an infinite rate all are sent at once. */
function startSeconds(result: JsonObject, count: number): readonly unknown[] | undefined {
  const starts = field(result, "start_times");
  if (Array.isArray(starts) && starts.length === count) return starts;
  return field(result, "request_rate") === "inf" ? new Array(count).fill(0) : undefined;
}

function failures(result: JsonObject): Set<number> {
  const errors = field(result, "errors");
  if (!Array.isArray(errors)) return new Set();
  return new Set(errors.flatMap((error, index) => (typeof error === "string" && error !== "" ? [index] : [])));
}

function sum(gaps: unknown, what: string, reader: FieldReader, file: string): number {
  if (!Array.isArray(gaps)) {
    reader.mistake(`${what} is no list of seconds between tokens.`, { file });
    return 0;
  }
  return gaps.reduce((total, gap) => total + (reader.seconds(gap, what, { file }) ?? 0), 0);
}

/** The benchmark's clock counts from some moment of the machine's. */
function fromFirstArrival(requests: readonly ServedRequest[]): ServedRequest[] {
  const first = requests.reduce((least, { arrivalSeconds = Infinity }) => Math.min(least, arrivalSeconds), Infinity);
  return requests.map((request) => ({
    ...request,
    arrivalSeconds: request.arrivalSeconds === undefined ? undefined : request.arrivalSeconds - first,
  }));
}
