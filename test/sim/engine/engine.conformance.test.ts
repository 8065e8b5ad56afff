/** What every engine owes its executor and its schedulers, whatever it does inside (src/sim/engine/engine.ts). */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { RunRecord } from "../../../src/sim/recorder.ts";
import type { RunConfig } from "../../../src/sim/simulation.schema.ts";
import { simulate } from "../../../src/sim/simulation.ts";
import { INEXACT_TIMES, inputsOf, type Row, type Setting } from "../inputs.ts";
import { scenarioInputs as scenarioInputsOfPolicies } from "./disaggregated/scenario.ts";
import { type EngineName, scenarioInputs } from "./vllm/scenario.ts";

type Kind = "ORCA" | "Splitwise" | "DEFAULT" | "disaggregated" | "pipeline" | EngineName;

const KINDS: readonly Kind[] = [
  "ORCA",
  "Splitwise",
  "DEFAULT",
  "vllm_v1",
  "vllm_v0_chunked",
  "vllm_v0",
  "orca_iteration",
  "sarathi_serve",
  "disaggregated",
  "pipeline",
];
const PIPELINE = parse(readFileSync(new URL("../../../conf/engine/distserve.yaml", import.meta.url), "utf8"));
const SCHEDULERS = ["round_robin", "jsq", "token_jsq", "kv_round_robin", "kv_jsq", "kv_token_jsq", "mixed_pool"];
const RECOMPUTING: ReadonlySet<Kind> = new Set([
  "vllm_v1",
  "vllm_v0_chunked",
  "vllm_v0",
  "orca_iteration",
  "sarathi_serve",
]);
/** Blocks of one token each, so that all engines have room for as many tokens. */
const TOKENS = 300;

const rows = fc.array(
  fc.record({
    arrival: fc.integer({ min: 0, max: 256 }).map((count) => count / 64),
    prompt: fc.integer({ min: 1, max: 90 }),
    output: fc.integer({ min: 1, max: 50 }),
  }),
  { minLength: 1, maxLength: 20 },
);

/** On vllm_v0 the last token of the third comes from recomputing it. */
const LAST_TOKEN_RECOMPUTED: Row[] = [
  { arrival: 3.359375, prompt: 88, output: 15 },
  { arrival: 3.234375, prompt: 80, output: 23 },
  { arrival: 3.46875, prompt: 88, output: 10 },
];

function inputs(kind: Kind, scheduler: string, given: readonly Row[]) {
  const isSplit = scheduler.startsWith("kv_") || scheduler === "mixed_pool";
  const shared: Pick<Setting, "scheduler" | "servers" | "startState"> = {
    scheduler,
    servers: [
      { sku: "node", count: isSplit ? 1 : 2 },
      { sku: "big-node", count: isSplit ? 1 : 0 },
    ],
    startState: { state_type: isSplit ? "splitwise" : "baseline" },
  };
  if (kind === "ORCA" || kind === "Splitwise") {
    return inputsOf({
      ...shared,
      rows: given,
      instance: { instance_type: kind },
      gpuBytes: TOKENS,
      times: INEXACT_TIMES,
    });
  }
  if (kind === "DEFAULT") {
    const instance = { instance_type: kind };
    return inputsOf({
      ...shared,
      rows: given,
      instance,
      gpuBytes: TOKENS,
      constant: { prompt_time: 0.3, token_time: 0.7 },
    });
  }
  if (kind === "disaggregated") {
    const { config, ...base } = inputsOf({ ...shared, rows: given, gpuBytes: TOKENS, times: INEXACT_TIMES });
    const policies = scenarioInputsOfPolicies({ rows: given, engine: { block_tokens: 4 } }).config;
    const { engine, prefill_local, decode_local } = policies;
    return { ...base, config: { ...config, engine, prefill_local, decode_local } as RunConfig };
  }
  if (kind === "pipeline") {
    const engine = { ...PIPELINE, prefill_batch_tokens: 200 } as Partial<RunConfig["engine"]>;
    const instance = { pipeline_parallelism: 1 };
    return inputsOf({ ...shared, rows: given, instance, gpuBytes: TOKENS, times: INEXACT_TIMES, engine });
  }
  const parameters = { block_size: 1, num_gpu_blocks: TOKENS, max_num_batched_tokens: 128, max_num_seqs: 32 };
  const budget = kind === "vllm_v0" || kind === "orca_iteration" ? { max_num_batched_tokens: 1000 } : {};
  return scenarioInputs({
    ...shared,
    engine: kind,
    parameters: { ...parameters, ...budget },
    rows: given,
    debug: false,
    gpuBytes: TOKENS,
  });
}

/** Where `a` is known, it is not after `b`. */
function inOrder(...times: readonly number[]): boolean {
  const known = times.filter((seconds) => !Number.isNaN(seconds));
  return known.every((seconds, index) => index === 0 || known[index - 1] <= seconds);
}

function outcomeOf({ outcomes, trace }: RunRecord, row: number): readonly number[] {
  return [
    trace.arrivalSeconds[row],
    outcomes.prefillStartSeconds[row],
    outcomes.prefillEndSeconds[row],
    outcomes.transferStartSeconds[row],
    outcomes.transferEndSeconds[row],
    outcomes.decodeStartSeconds[row],
    outcomes.decodeEndSeconds[row],
    outcomes.completionSeconds[row],
  ];
}

/** Instances that either prefill or decode need a scheduler that keeps to its pools. */
function schedulersOf(kind: Kind): readonly string[] {
  return kind === "disaggregated" ? SCHEDULERS.filter((name) => name.startsWith("kv_")) : SCHEDULERS;
}

describe.each(KINDS)("%s", (kind) => {
  test.each(schedulersOf(kind))("serves every request in order of its tasks, under %s", (scheduler) => {
    fc.assert(
      fc.property(rows, (given) => {
        const record = simulate(inputs(kind, scheduler, given));
        expect(record.unfinishedReasons).toEqual([]);
        expect([...record.completionOrder].sort((a, b) => a - b)).toEqual(given.map((_, row) => row));
        given.forEach(({ output }, row) => {
          expect(inOrder(...outcomeOf(record, row)), `request ${row}: ${outcomeOf(record, row)}`).toBe(true);
          expect(record.outcomes.prefillEndSeconds[row]).toBeGreaterThan(record.outcomes.prefillStartSeconds[row]);
          // A prefill yields the first token: only others need a decode.
          expect(Number.isNaN(record.outcomes.decodeStartSeconds[row])).toBe(output === 1);
          expect(record.outcomes.decodeInstance[row]).toBeGreaterThanOrEqual(0);
        });
        for (const { busySeconds } of record.instances)
          expect(busySeconds).toBeLessThanOrEqual(record.endSeconds * 1.000001);
      }),
      { numRuns: 25 },
    );
  });

  test("gives the same bytes again", () => {
    fc.assert(
      fc.property(rows, (given) => {
        expect(simulate(inputs(kind, "kv_jsq", given))).toEqual(simulate(inputs(kind, "kv_jsq", given)));
      }),
      { numRuns: 10 },
    );
  });

  test("does the same if somebody looks, and shows all that it did", () => {
    fc.assert(
      fc.property(rows, (given) => {
        const setting = inputs(kind, "kv_jsq", given);
        const everything = { fromSeconds: 0, untilSeconds: Number.POSITIVE_INFINITY, mostSlices: 1e6 };
        const { timeline, ...record } = simulate({ ...setting, timeline: everything });
        expect(record).toEqual(simulate(setting));
        if (timeline === undefined) throw new Error("no timeline was recorded");
        const shown = {
          seconds: record.instances.map(() => 0),
          iterations: 0,
          endSeconds: timeline.tracks.map(() => 0),
        };
        const ends = { prefill: new Set<number>(), decode: new Set<number>() };
        for (let slice = 0; slice < timeline.slices; slice++) {
          const track = timeline.track[slice];
          const [start, end] = [timeline.startSeconds[slice], timeline.endSeconds[slice]];
          expect(start).toBeGreaterThanOrEqual(shown.endSeconds[track]);
          shown.endSeconds[track] = end;
          shown.seconds[timeline.tracks[track].instance] += end - start;
          shown.iterations += timeline.iterations[slice];
          if (timeline.prefills[slice] > 0) ends.prefill.add(end);
          // Recomputing a preempted request is a prefill that yields its next token, which may be its last.
          if (timeline.decodes[slice] > 0 || RECOMPUTING.has(kind)) ends.decode.add(end);
        }
        for (const [index, { busySeconds }] of record.instances.entries()) {
          expect(shown.seconds[index]).toBeCloseTo(busySeconds, 9);
        }
        if (kind !== "DEFAULT") expect(shown.iterations).toBe(record.counts.iterations);
        given.forEach(({ output }, row) => {
          expect(ends.prefill).toContain(record.outcomes.prefillEndSeconds[row]);
          if (output > 1) expect(ends.decode).toContain(record.outcomes.decodeEndSeconds[row]);
        });
      }),
      { numRuns: 25, examples: [[LAST_TOKEN_RECOMPUTED]] },
    );
  });
});
