/** A small cluster with `scheduler=disaggregated engine=disaggregated`: one byte of KV cache per token. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { DisaggregatedParameters } from "../../../../src/sim/engine/disaggregated/disaggregated.schema.ts";
import type { RunConfig } from "../../../../src/sim/simulation.schema.ts";
import type { SimulationInputs } from "../../../../src/sim/simulation.ts";
import { INEXACT_TIMES, inputsOf, type Row } from "../../inputs.ts";

function conf(path: string) {
  const { defaults, ...parameters } = parse(readFileSync(new URL(`../../../../conf/${path}`, import.meta.url), "utf8"));
  // Interpolated in a composed configuration.
  return "deadline" in parameters ? { ...parameters, deadline: 10 } : parameters;
}

export interface Scenario {
  readonly rows: readonly Row[];
  readonly engine?: Partial<DisaggregatedParameters>;
  /** Options of the policies' groups. */
  readonly policies?: Partial<Record<"prefill_global" | "decode_global" | "prefill_local" | "decode_local", string>>;
  readonly binding?: "arrival" | "prefill_end" | "transfer_end";
  /** Bytes of memory of a prefill instance; decode instances have twice as much. */
  readonly gpuBytes?: number;
  readonly prefillInstances?: number;
  readonly decodeInstances?: number;
  readonly sharedLinks?: boolean;
  /** GiB/s */
  readonly bandwidth?: number;
  readonly seed?: number;
}

export function scenarioInputs(scenario: Scenario): SimulationInputs {
  const { prefillInstances = 1, decodeInstances = 1, policies = {} } = scenario;
  const inputs = inputsOf({
    rows: scenario.rows,
    scheduler: "disaggregated",
    servers: [
      { sku: "node", count: prefillInstances },
      { sku: "big-node", count: decodeInstances },
    ],
    startState: { state_type: "splitwise" },
    times: INEXACT_TIMES,
    ...(scenario.gpuBytes === undefined ? {} : { gpuBytes: scenario.gpuBytes }),
    ...(scenario.seed === undefined ? {} : { seed: scenario.seed }),
  });
  const { prompt, token } = inputs.config.start_state;
  const config: RunConfig = {
    ...inputs.config,
    start_state: {
      ...inputs.config.start_state,
      prompt: prompt && { ...prompt, num_instances: prefillInstances },
      token: token && { ...token, num_instances: decodeInstances },
    },
    engine: { ...conf("engine/disaggregated.yaml"), block_tokens: 1, ...scenario.engine },
    prefill_global: conf(`prefill_global/${policies.prefill_global ?? "lowest_load"}.yaml`),
    decode_global: conf(`decode_global/${policies.decode_global ?? "lowest_load"}.yaml`),
    prefill_local: conf(`prefill_local/${policies.prefill_local ?? "fcfs"}.yaml`),
    decode_local: conf(`decode_local/${policies.decode_local ?? "fcfs"}.yaml`),
  };
  const kvLinks = { _target_: "kv_links.MaxMin" as const, latency: 0, bandwidth: 2 ** -20 };
  const scheduler = {
    ...conf("scheduler/disaggregated.yaml"),
    decode_binding: scenario.binding ?? "transfer_end",
    transfer_bandwidth: scenario.bandwidth ?? 2 ** -20,
  };
  return {
    ...inputs,
    config: scenario.sharedLinks === true ? { ...config, kv_links: kvLinks } : config,
    schedulers: new Map([["disaggregated", scheduler]]),
  };
}
