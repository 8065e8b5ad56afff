/**
 * Models on a few processors of 1,000 bytes: one byte of KV cache per token, weights in bytes, a prefill of b tokens takes
 * b / 1024 s and an iteration of decodes 1/16 s. Everything else is as shipped in conf/, without overheads.
 */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { MeasuredCurves } from "../../../src/sim/performance/interpolated.ts";
import type { RunRecord } from "../../../src/sim/recorder.ts";
import { type SimulationInputs, simulate } from "../../../src/sim/simulation.ts";
import type { SwapRecord } from "../../../src/sim/swapping/swap-record.ts";
import type { SwappingParameters } from "../../../src/sim/swapping/swapping.schema.ts";
import { inputsOf, type Row } from "../inputs.ts";

const conf = (path: string) => parse(readFileSync(new URL(`../../../conf/${path}.yaml`, import.meta.url), "utf8"));

const OVERHEADS = { unload: 0, attach: 0, graph_capture: 0, first_request_warmup: 0 };

export interface Scenario {
  /** Bytes of the weights of each model; `application` of a row is its number. */
  readonly weights: readonly number[];
  readonly rows: readonly Row[];
  readonly processors?: number;
  readonly gpuBytes?: number;
  readonly pinned?: readonly number[];
  /** Options of the config groups, or their contents. */
  readonly eviction?: string | object;
  readonly order?: string | object;
  readonly placement?: string | object;
  readonly trigger?: string | object;
  /** Bytes/s of every processor's link. */
  readonly bandwidth?: number;
  readonly sharing?: "fair" | "fifo" | "priority";
  readonly layers?: number;
  readonly times?: MeasuredCurves;
  readonly scheduler?: string;
  readonly swapping?: Partial<Omit<SwappingParameters, "instance" | "overheads" | "models">>;
  readonly instance?: Partial<SwappingParameters["instance"]>;
  readonly overheads?: Partial<SwappingParameters["overheads"]>;
}

function chosen(group: string, choice: string | object | undefined, usual: string) {
  return typeof choice === "object" ? choice : conf(`${group}/${choice ?? usual}`);
}

export function scenarioInputs(scenario: Scenario): SimulationInputs {
  const { weights, rows, processors = 1, pinned = [] } = scenario;
  const applications = weights.map((_, index) => ({
    application_id: index,
    model_size: `size-${index}`,
    allocator: "model_swapping",
  }));
  const inputs = inputsOf({
    rows,
    servers: [{ sku: "node", count: processors }],
    applications,
    scheduler: scenario.scheduler ?? "jsq",
    startState: { state_type: "unallocated", instance: null },
    gpuBytes: scenario.gpuBytes ?? 1000,
    endTime: 1e6,
    ...(scenario.times === undefined ? {} : { times: scenario.times }),
  });
  const { swapping } = conf("swapping/pool");
  const links = conf("weight_links/pcie4");
  return {
    ...inputs,
    allocators: new Map([["model_swapping", { _target_: "allocators.ModelSwapping" as const }]]),
    architectures: new Map([
      ["tiny", { name: "tiny", num_layers: scenario.layers ?? 1, hidden_size: 1, num_heads: 1 }],
    ]),
    sizes: new Map(
      weights.map((bytes, index) => [
        `size-${index}`,
        { architecture: "tiny", weights: bytes, dtype_size: 0.5, kv_bytes_per_token: 1 },
      ]),
    ),
    config: {
      ...inputs.config,
      swapping: {
        ...swapping,
        workspace: 0,
        ...scenario.swapping,
        models: weights.map((_, index) => ({
          architecture: "tiny",
          size: `size-${index}`,
          count: 1,
          pinned: pinned.includes(index),
        })),
        instance: { ...swapping.instance, ...scenario.instance },
        overheads: { ...OVERHEADS, ...scenario.overheads },
      },
      model_eviction: chosen("model_eviction", scenario.eviction, "lru"),
      model_order: chosen("model_order", scenario.order, "fcfs"),
      model_placement: chosen("model_placement", scenario.placement, "fastest_start"),
      load_trigger: chosen("load_trigger", scenario.trigger, "on_demand"),
      weight_links: { ...links, processor: scenario.bandwidth ?? 100, sharing: scenario.sharing ?? "fair" },
    },
  };
}

export type SwapRun = RunRecord & { readonly swapping: SwapRecord };

export function swap(scenario: Scenario): SwapRun {
  return simulate(scenarioInputs(scenario)) as SwapRun;
}

export function total(rows: SwapRecord["models"], key: "hits" | "loads" | "evictions" | "preemptions" | "requests") {
  return rows.reduce((sum, row) => sum + row[key], 0);
}
