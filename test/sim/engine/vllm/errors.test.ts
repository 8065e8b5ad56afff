import { describe, expect, test } from "vitest";
import { ConfigError, SimulationError, type SweepError } from "../../../../src/errors.ts";
import { simulate } from "../../../../src/sim/simulation.ts";
import { thrownBy } from "../../inputs.ts";
import { type Scenario, scenarioInputs, serve } from "./scenario.ts";

const V1 = { block_size: 4, num_gpu_blocks: 13, max_num_batched_tokens: 64, max_num_seqs: 8 };
const V0 = { ...V1, num_gpu_blocks: 12, num_watermark_blocks: 2 };

function refusals(scenario: Scenario): [string, string][] {
  const error = thrownBy(() => serve(scenario)) as SweepError;
  expect(error).toBeInstanceOf(ConfigError);
  return [error, ...error.others].map((one) => [(one as ConfigError).label, one.message]);
}

function row(prompt: number, output: number) {
  return { arrival: 0, prompt, output };
}

describe("requests that could never be served are refused before the run, all of them", () => {
  test("by the longest sequence and the most output tokens", () => {
    const parameters = { ...V1, max_model_len: 20, max_tokens: 15 };
    const rows = [row(10, 5), row(10, 11), row(20, 1), row(2, 16)];
    expect(refusals({ engine: "vllm_v1", parameters, rows })).toEqual([
      [
        "E_MAX_MODEL_LEN",
        "E_MAX_MODEL_LEN: request 1 exceeds max_model_len = 20 (10 prompt tokens, 11 output tokens); it may ask for 10 output tokens at most.",
      ],
      [
        "E_MAX_MODEL_LEN_PROMPT",
        "E_MAX_MODEL_LEN_PROMPT: request 2 leaves no room for an output token below max_model_len = 20 (20 prompt tokens, 1 output tokens).",
      ],
      ["E_MAX_TOKENS", "E_MAX_TOKENS: request 3 asks for 16 output tokens, more than max_tokens = 15."],
    ]);
  });

  test("and those that are too long end at max_model_len if they may: their tokens are those that they got", () => {
    const parameters = { ...V1, max_model_len: 20, over_length: "truncate" as const };
    const rows = [row(10, 40), row(10, 10), row(10, 3)];
    const { trace, outcomes } = serve({ engine: "vllm_v1", parameters, rows });
    expect([...trace.outputTokens]).toEqual([10, 10, 3]);
    expect(outcomes.completionSeconds[0]).toBe(outcomes.completionSeconds[1]);
    expect(refusals({ engine: "vllm_v1", parameters, rows: [row(20, 40)] })[0][0]).toBe("E_MAX_MODEL_LEN_PROMPT");
  });

  test("by one token less if lengths are strict", () => {
    const parameters = { ...V1, max_model_len: 20 };
    const rows = [row(10, 10)];
    expect(serve({ engine: "vllm_v1", parameters, rows }).completionOrder.length).toBe(1);
    expect(refusals({ engine: "vllm_v1", parameters: { ...parameters, strict_model_len: true }, rows })[0][0]).toBe(
      "E_MAX_MODEL_LEN",
    );
  });

  test("by the blocks of V1, of which the null block serves nobody", () => {
    const rows = [row(48, 1), row(49, 1), row(48, 2), row(1, 48), row(1, 49)];
    expect(refusals({ engine: "vllm_v1", parameters: V1, rows }).map(([label]) => label)).toEqual([
      "E_PROMPT_NEVER_FITS",
      "E_SEQUENCE_NEVER_FITS",
      "E_SEQUENCE_NEVER_FITS",
    ]);
    expect(refusals({ engine: "vllm_v1", parameters: V1, rows })[0][1]).toContain(
      "needs 13 KV blocks for its prompt, of 12 usable ones (48 tokens)",
    );
  });

  test("by the blocks of V0, which keeps a watermark and asks for a spare one at each decode", () => {
    const rows = [row(40, 1), row(41, 1), row(40, 6), row(40, 7)];
    const labels = (more: object) =>
      refusals({ engine: "vllm_v0_chunked", parameters: { ...V0, ...more }, rows }).map(([label]) => label);
    expect(labels({})).toEqual(["E_PROMPT_NEVER_FITS", "E_SEQUENCE_NEVER_FITS"]);
    expect(labels({ token_visibility: "next_pass" })).toEqual([
      "E_PROMPT_NEVER_FITS",
      "E_SEQUENCE_NEVER_FITS",
      "E_SEQUENCE_NEVER_FITS",
    ]);
  });

  test("by a schedule that does not match them, or holds empty ones", () => {
    const parameters = { ...V1, arrivals: "pass", queries_per_pass: [2, 1] };
    expect(refusals({ engine: "vllm_v1", parameters, rows: [row(0, 5), row(5, 0)] }).map(([label]) => label)).toEqual([
      "E_SCHEDULE",
      "E_SCHEDULE",
      "E_SCHEDULE",
    ]);
  });
});

/** Whether a request that is alone ends; which is what the refusals predict. */
test.each(["vllm_v1", "vllm_v0_chunked", "vllm_v0"] as const)(
  "%s serves every lone request that it does not refuse",
  (engine) => {
    for (let prompt = 30; prompt <= 50; prompt++) {
      for (let output = 1; output <= 20; output++) {
        const error = thrownBy(() => serve({ engine, parameters: V0, rows: [row(prompt, output)] }));
        if (error !== undefined) expect(error).toBeInstanceOf(ConfigError);
      }
    }
  },
);

describe("an engine that cannot be is refused", () => {
  test("if a pass has not one token for each running request", () => {
    const parameters = { ...V1, max_num_seqs: 65 };
    expect(refusals({ engine: "vllm_v1", parameters, rows: [] })).toEqual([
      ["E_MAX_NUM_SEQS", expect.stringMatching(/64 tokens.*65 running/)],
    ]);
  });

  test("if its memory holds less than one sequence of the given length", () => {
    const parameters = { ...V1, num_gpu_blocks: null, max_model_len: 1000 };
    const message = refusals({ engine: "vllm_v1", parameters, rows: [], gpuBytes: 500 })[0][1];
    expect(message).toContain("enough for 444 tokens");
  });

  test("if its blocks exceed its memory", () => {
    expect(refusals({ engine: "vllm_v1", parameters: V1, rows: [], gpuBytes: 20 })[0][0]).toBe("blocks_exceed_memory");
  });
});

describe("a run ends", () => {
  test("with E_STUCK at an idle pass, where VllmSimulator does, and goes on otherwise", () => {
    const parameters = { ...V0, arrivals: "pass", queries_per_pass: [1, 0, 0, 0, 1] };
    const rows = [row(5, 1), row(5, 1)];
    const error = thrownBy(() => serve({ engine: "vllm_v0_chunked", legacy: true, parameters, rows }));
    expect(error).toBeInstanceOf(SimulationError);
    expect((error as Error).message).toMatch(/^E_STUCK: pass 2 /);
    expect(serve({ engine: "vllm_v0_chunked", parameters, rows }).completionOrder.length).toBe(2);
  });

  test("with E_LIVELOCK when long prompts evict one another for ever", () => {
    const error = thrownBy(() =>
      serve({
        engine: "vllm_v1",
        parameters: {
          block_size: 4,
          num_gpu_blocks: 21,
          max_num_batched_tokens: 64,
          max_num_seqs: 3,
          long_prefill_token_threshold: 4,
          enable_prefix_caching: false,
          scheduler_reserve_full_isl: false,
          scheduling_policy: "priority",
        },
        rows: [row(70, 4), row(70, 4), row(70, 4)],
      }),
    );
    expect(error).toBeInstanceOf(SimulationError);
    expect((error as Error).message).toMatch(/^E_LIVELOCK: /);
  });
});

test("a trace with other arrivals than its own leaves the trace as it is", () => {
  const inputs = scenarioInputs({
    engine: "vllm_v1",
    parameters: { ...V1, arrivals: "pass", queries_per_pass: [1, 1] },
    rows: [row(5, 3), { arrival: 9, prompt: 5, output: 3 }],
  });
  const record = simulate(inputs);
  expect([...inputs.trace.arrivalSeconds]).toEqual([0, 9]);
  expect([...record.trace.arrivalSeconds]).toEqual([0, 5 / 1024 + 1 / 64]);
});
