/** What cannot be simulated, said before the first event. */
import { ConfigError, TraceError } from "../errors.ts";
import type { Instance } from "./cluster/instance.ts";
import type { Processor } from "./cluster/server.ts";
import type { EngineDefinition } from "./engine/engine.ts";
import type { RunConfig } from "./simulation.schema.ts";
import type { ApplicationParameters } from "./workload/model.schema.ts";
import type { ModelSize } from "./workload/model.ts";
import type { Trace } from "./workload/trace.ts";

/** Every request asks for an application that is configured. */
export function checkApplicationsKnown(trace: Trace, known: readonly number[]): void {
  const ids = new Set(known);
  for (let row = 0; row < trace.count; row++) {
    if (ids.has(trace.applicationId[row])) continue;
    throw new TraceError(
      `The request asks for application ${trace.applicationId[row]}, and the configuration has ${known.slice(0, 20).join(", ")}${known.length > 20 ? ", ..." : ""}.`,
      { file: trace.source, line: trace.lines?.[row] },
      {
        hint: "Add it to the applications, with its application_id, or assign the requests otherwise (trace.applications).",
      },
    );
  }
}

/** An engine that orders its requests by itself has no use for a policy that does. */
export function checkLocalOrders(
  config: Pick<RunConfig, "prefill_local" | "decode_local">,
  { ordersLocally }: Pick<EngineDefinition, "ordersLocally">,
): void {
  const given = (["prefill_local", "decode_local"] as const).find((group) => config[group] !== undefined);
  if (given === undefined || ordersLocally === true) return;
  throw new ConfigError("no_such_decision", `The engine orders its requests by itself: it has no use for ${given}.`, {
    path: given,
    hint: `Add engine=disaggregated, or leave ${given} out.`,
  });
}

/** A request that a scheduler may send to an instance too small for it would wait for ever. */
export function checkRequestsFit(
  trace: Trace,
  instances: readonly Instance[],
  applications: ReadonlyMap<number, { readonly kvBytesPerToken: number }>,
): void {
  const smallest = new Map<number, Instance>();
  for (const instance of instances) {
    // Prefill instances of a split pool need less, but may be asked to decode as well.
    const other = smallest.get(instance.applicationId);
    if (other === undefined || freeBytes(instance) < freeBytes(other)) smallest.set(instance.applicationId, instance);
  }
  for (let row = 0; row < trace.count; row++) {
    const instance = smallest.get(trace.applicationId[row]);
    const tokens = trace.promptTokens[row] + trace.outputTokens[row];
    const bytes = tokens * trace.batchSize[row] * (applications.get(trace.applicationId[row])?.kvBytesPerToken ?? 0);
    if (instance === undefined || bytes <= freeBytes(instance)) continue;
    throw new TraceError(
      `Request ${trace.requestId[row]} can never be served on ${instance.label}: the KV cache of its ${tokens} tokens ` +
        `takes ${gigabytes(bytes)}, and that instance has ${gigabytes(freeBytes(instance))} beside the weights.`,
      { file: trace.source, line: trace.lines?.[row] },
      { hint: "Use larger instances (start_state.instance.tensor_parallelism, another SKU) or drop the request." },
    );
  }
}

function freeBytes({ memory }: Instance): number {
  return memory.capacityBytes - memory.usedBytes;
}

/** What shares processors has to give way, and to be chosen only while it is loaded. */
export function checkSwapping(config: RunConfig, engine: EngineDefinition): void {
  if (engine.sharesProcessors !== true) {
    throw new ConfigError("cannot_share", "The engine cannot share its processors with those of other models.", {
      path: "engine",
      hint: "Models are swapped with engine=continuous_batching.",
    });
  }
  if (config.start_state.state_type === "unallocated") return;
  throw new ConfigError("instances_at_start", "Where models are swapped, no start state makes instances.", {
    path: "start_state.state_type",
    hint: "Add start_state=unallocated; pinned models (swapping.models) are loaded from the start.",
  });
}

/** A size of another model has other weights; `path` is the application's in the config. */
export function checkSizeBelongs(
  { model_architecture: architecture, model_size: sizeName }: ApplicationParameters,
  architectures: Iterable<string>,
  size: ModelSize,
  path: string,
): void {
  const owner = size.architecture ?? longestPrefix([...architectures], sizeName);
  if (owner === undefined || owner === architecture) return;
  throw new ConfigError("wrong_model_size", `${sizeName} is a size of ${owner}, not of ${architecture}.`, {
    path: `${path}.model_size`,
    hint: `Set ${path}.model_architecture=${owner} as well, or choose a size of ${architecture}.`,
  });
}

/** The longest of the names with which `text` begins, up to a hyphen or its end. */
function longestPrefix(names: readonly string[], text: string): string | undefined {
  return names.filter((name) => text === name || text.startsWith(`${name}-`)).sort((a, b) => b.length - a.length)[0];
}

/** The weights fit into the memory of an instance's processors; `path` is the application's in the config. */
export function checkWeightsFit(
  application: ApplicationParameters,
  size: ModelSize,
  processors: readonly Processor[],
  path: string,
): void {
  const capacityBytes = processors.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
  if (size.weights <= capacityBytes) return;
  throw new ConfigError(
    "model_too_large",
    `The weights of ${application.model_size} take ${gigabytes(size.weights)}, and an instance of ` +
      `${processors.length} x ${processors[0].name} has ${gigabytes(capacityBytes)}.`,
    { path: `${path}.model_size`, hint: "Raise start_state.instance.tensor_parallelism, or choose a smaller model." },
  );
}

export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(bytes < 10e9 ? 3 : 1)} GB`;
}
