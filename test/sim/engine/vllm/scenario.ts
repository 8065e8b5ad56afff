/** One instance of a vLLM engine and a few requests: what its passes were. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { VllmParameters } from "../../../../src/sim/engine/vllm/vllm.schema.ts";
import type { Profile } from "../../../../src/sim/performance/profile/profile.ts";
import type { RunRecord } from "../../../../src/sim/recorder.ts";
import { type SimulationInputs, simulate } from "../../../../src/sim/simulation.ts";
import { inputsOf, type Row, type Setting } from "../../inputs.ts";

export type EngineName = "vllm_v1" | "vllm_v0_chunked" | "vllm_v0" | "orca_iteration" | "sarathi_serve";

function conf(path: string) {
  return parse(readFileSync(new URL(`../../../../conf/${path}`, import.meta.url), "utf8"));
}

const COMPAT = conf("compat/vllm_simulator.yaml").engine;

const limits = {
  limitTokens: 1e6,
  intervals: [{ startTokens: 0, endTokens: 1e6, slopeSeconds: 2 ** -10, interceptSeconds: 2 ** -6 }],
};

/** 1/64 s and 1/1024 s a token: sums and products are exact. */
export const EXACT_PROFILE: Profile = {
  scalars: {
    model: "exact",
    model_name: "exact",
    block_size: 1,
    num_gpu_blocks: 1,
    num_watermark_blocks: 0,
    max_num_batched_tokens: 1e6,
    max_model_len: 1e6,
    max_num_seqs: 1e6,
  },
  prefill: limits,
  decode: limits,
};

export interface Scenario extends Pick<Setting, "scheduler" | "servers" | "startState" | "trace" | "overheads"> {
  readonly engine: EngineName;
  /** VllmSimulator's settings beneath `parameters`. */
  readonly legacy?: boolean;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly rows: readonly (Row & { readonly priority?: number })[];
  readonly debug?: boolean;
  readonly gpuBytes?: number;
}

export function scenarioInputs(scenario: Scenario): SimulationInputs {
  const { engine, legacy = false, parameters, rows, debug = true, trace, ...setting } = scenario;
  const priority = Int32Array.from(rows, (row) => row.priority ?? 0);
  const inputs = inputsOf({ ...setting, rows, debug, trace: { priority, ...trace } });
  const { defaults, ...own } = conf(`engine/${engine}.yaml`);
  const shipped = defaults === undefined ? own : { ...conf(`engine/${defaults[0]}.yaml`), ...own };
  const given = { ...shipped, ...(legacy ? COMPAT : {}), ...parameters } as VllmParameters;
  const performance_model = { _target_: "performance_models.Profile" as const, path: "", pass_overhead: 0 };
  return { ...inputs, profile: EXACT_PROFILE, config: { ...inputs.config, engine: given, performance_model } };
}

export function serve(scenario: Scenario): RunRecord {
  return simulate(scenarioInputs(scenario));
}

/** Tokens of each pass by request, as `0:8,1:8 | 0:1`. */
export function passText({ passLogs = [] }: RunRecord): string {
  return (passLogs[0]?.rows ?? [])
    .map(({ requests, tokens }) => requests.map((request, index) => `${request}:${tokens[index]}`).join(","))
    .join(" | ");
}

/** Tokens of each pass. */
export function passTotals({ passLogs = [] }: RunRecord): number[] {
  return (passLogs[0]?.rows ?? []).map(({ totalTokens }) => totalTokens);
}
