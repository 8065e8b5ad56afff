/**
 * VllmSimulator's lists of metrics: JSON objects, in an array or by name, with `in_tokens`, `out_tokens` and times in
 * seconds. Its verifier writes both sides of a metric, as `{"vllm": 1.2, "sim": 1.1}`.
 */
import { TraceError } from "../../errors.ts";
import { FieldReader, field, isJsonObject } from "./record-fields.ts";
import { latenciesOf, type ServedRequest } from "./served-request.ts";

type Side = "engine" | "sim";

/** Names by which a side of a metric is found, the first that is there. */
const SIDES: Readonly<Record<Side, readonly string[]>> = { engine: ["vllm", "engine"], sim: ["sim"] };

export interface MetricsList {
  readonly engine: ServedRequest[];
  /** The simulated side, if the list has one. */
  readonly sim: ServedRequest[] | undefined;
}

/** Errors: TraceError. */
export function readMetricsList(value: unknown, file: string): MetricsList {
  const entries = entriesOf(value, file);
  const reader = new FieldReader();
  const names = new Set<string>();
  const engine = entries.map(([key, entry]) => {
    const request = readEntry(key, entry, "engine", reader, file);
    if (names.has(request.name)) reader.mistake(`Two requests are called '${request.name}'.`, { file });
    names.add(request.name);
    return request;
  });
  const hasSim = entries.some(([, entry]) => isJsonObject(field(entry, "ttft")) || isJsonObject(field(entry, "tgt")));
  const sim = hasSim ? entries.map(([key, entry]) => readEntry(key, entry, "sim", reader, file)) : undefined;
  reader.finish();
  return { engine, sim };
}

type Entry = readonly [string, Readonly<Record<string, unknown>>];

function entriesOf(value: unknown, file: string): Entry[] {
  const isList = Array.isArray(value);
  const entries: [string, unknown][] = isList
    ? value.map((entry, index) => [String(index), entry])
    : Object.entries(isJsonObject(value) ? value : {});
  if (entries.length === 0) throw new TraceError("The list of metrics is empty.", { file });
  return entries.map(([key, entry]) => {
    if (isJsonObject(entry)) return [isList ? (nameOf(entry) ?? key) : key, entry];
    throw new TraceError(`Entry '${key}' is no object of metrics.`, { file });
  });
}

function nameOf(entry: Readonly<Record<string, unknown>>): string | undefined {
  const name = field(entry, "request_id") ?? field(entry, "name");
  // VllmSimulator calls requests that were given no name "".
  return name === undefined || name === null || name === "" ? undefined : String(name);
}

function readEntry(name: string, entry: Entry[1], side: Side, reader: FieldReader, file: string): ServedRequest {
  const at = (key: string) => `${key} of request '${name}'`;
  const seconds = (key: string) => reader.seconds(ofSide(field(entry, key), side), at(key), { file });
  const latencies = latenciesOf({
    arrival: seconds("arrival_time"),
    firstScheduled: seconds("first_scheduled_time"),
    firstToken: seconds("first_token_time"),
    finished: seconds("finished_time"),
  });
  return {
    name,
    promptTokens: reader.tokens(field(entry, "in_tokens"), at("in_tokens"), { file }),
    outputTokens: reader.tokens(field(entry, "out_tokens"), at("out_tokens"), { file }),
    arrivalSeconds: latencies.arrivalSeconds,
    queueSeconds: seconds("time_in_queue") ?? latencies.queueSeconds,
    ttftSeconds: seconds("ttft") ?? latencies.ttftSeconds,
    e2eSeconds: seconds("tgt") ?? latencies.e2eSeconds,
  };
}

/** A bare value belongs to both sides. */
function ofSide(value: unknown, side: Side): unknown {
  if (!isJsonObject(value)) return value;
  const name = SIDES[side].find((candidate) => Object.hasOwn(value, candidate));
  return name === undefined ? undefined : value[name];
}
