// Runs a golden of vLLM's engines with the built library: a small configuration, composed as the command does, with the golden's engine, requests and profile.

import { prepareRun } from "../../../dist/inputs/prepare-run.js";
import { readProfile } from "../../../dist/inputs/profile-file.js";
import { openWorkspace } from "../../../dist/inputs/workspace.js";
import { readInputs } from "../../../dist/run-one.js";
import { simulate } from "../../../dist/sim/simulation.js";

const BASE = [
  "cluster.servers=[{sku: dgx-h100, count: 1}]",
  "scheduler=round_robin",
  "performance_model=profile",
  "trace=constant",
  "debug=true",
];

/** @param {{overrides: string[], engine: object, requests: {arrival?: number, prompt: number, out: number, priority?: number}[], profile: object, prefixBlocks?: object}} golden */
export function runEngine({ overrides, engine, requests, profile, prefixBlocks }) {
  const { composer, resolver } = openWorkspace({});
  const inputs = readInputs(prepareRun(composer.compose([...BASE, ...overrides]), resolver).inputs);
  const zeros = () => new Int32Array(requests.length);
  const trace = {
    count: requests.length,
    arrivalSeconds: Float64Array.from(requests, ({ arrival = 0 }) => arrival),
    promptTokens: Int32Array.from(requests, ({ prompt }) => prompt),
    outputTokens: Int32Array.from(requests, ({ out }) => out),
    requestId: Int32Array.from(requests, (_, row) => row),
    requestType: zeros().fill(2),
    applicationId: zeros(),
    batchSize: zeros().fill(1),
    priority: Int32Array.from(requests, ({ priority = 0 }) => priority),
    source: "golden",
    ...(prefixBlocks === undefined ? {} : { prefixBlocks }),
  };
  const config = { ...inputs.config, engine: { ...inputs.config.engine, ...engine } };
  return simulate({ ...inputs, config, trace, profile: readProfile(JSON.stringify(profile), "golden") });
}

/** Seconds of a pass: base + perToken * tokens. */
export function linearProfile(baseSeconds, secondsPerToken) {
  const scalars = {
    model: "linear",
    model_name: "linear",
    block_size: 16,
    num_gpu_blocks: 1,
    num_watermark_blocks: 0,
    max_num_batched_tokens: 1e9,
    max_model_len: 1e9,
    max_num_seqs: 1e9,
    input_token_upper_limit: 1e9,
  };
  const intervals = { "(0, 1000000000)": { slope: secondsPerToken, intercept: baseSeconds } };
  return {
    ...scalars,
    no_cuda_profile: { ...scalars, uses_cuda: false, intervals },
    cuda_profile: { ...scalars, uses_cuda: true, intervals },
  };
}

/** Collects what differs between two values; numbers of seconds within the tolerance. */
export class Comparison {
  lines = [];

  constructor(tolerance) {
    this.tolerance = tolerance;
  }

  seconds(where, found, expected) {
    const isMissing = expected === null && (found === null || Number.isNaN(found));
    if (isMissing || Math.abs(found - expected) <= this.tolerance) return;
    this.lines.push(`${where}: found ${found}, expected ${expected}`);
  }

  exact(where, found, expected) {
    if (JSON.stringify(found) === JSON.stringify(expected)) return;
    this.lines.push(`${where}: found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
  }
}

/** Codes that mean the same to a golden: nobody could ever have served the request. */
const NEVER = ["E_STUCK", "E_PROMPT_NEVER_FITS", "E_SEQUENCE_NEVER_FITS"];

/** What is wrong about a run that should be refused with a code that `wanted` names. */
export function refusal(run, wanted) {
  const named = [...new Set(wanted.match(/E_[A-Z_]+/g) ?? [])];
  const allowed =
    wanted.includes("never_schedulable") || named.some((code) => NEVER.includes(code)) ? [...named, ...NEVER] : named;
  let message;
  try {
    run();
    message = "the run was not refused";
  } catch (error) {
    message = error.message;
  }
  const code = /^E_[A-Z_]+/.exec(message)?.[0];
  return allowed.includes(code) ? [] : [`found ${message}, expected one of ${allowed.join(", ")}`];
}
