/** Requests that an engine could never serve, all of them, before the first pass. */
import { ConfigError, throwTogether } from "../../../errors.ts";
import type { Trace } from "../../workload/trace.ts";
import { usableBlocks, watermarkBlocks } from "./block-count.ts";
import type { VllmParameters } from "./vllm.schema.ts";

/** So many offenders are described; the others are counted. */
const MOST_DESCRIBED = 1000;

interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** `blocks`: KV blocks of the smallest instance. Errors: ConfigError with one of the codes as its label. */
export function checkRequests(trace: Trace, parameters: VllmParameters, blocks: number): void {
  const errors: ConfigError[] = [];
  let undescribed = 0;
  if (parameters.arrivals === "pass") errors.push(...scheduleErrors(trace, parameters));
  for (let row = 0; row < trace.count; row++) {
    for (const { code, message } of refusalsOf(trace, row, parameters, blocks)) {
      if (errors.length >= MOST_DESCRIBED) undescribed++;
      else {
        const position = { file: trace.source, line: trace.lines?.[row] };
        errors.push(new ConfigError(code, `${code}: request ${trace.requestId[row]} ${message}`, { position }));
      }
    }
  }
  if (undescribed > 0) {
    errors.push(new ConfigError("E_MORE", `${undescribed} more requests are refused for such reasons.`));
  }
  throwTogether(errors);
}

function scheduleErrors(trace: Trace, { queries_per_pass: perPass }: VllmParameters): ConfigError[] {
  const sum = perPass.reduce((total, queries) => total + queries, 0);
  if (sum === trace.count) return [];
  const message = `E_SCHEDULE: queries_per_pass adds up to ${sum} requests, and the trace has ${trace.count}.`;
  return [new ConfigError("E_SCHEDULE", message, { path: "engine.queries_per_pass" })];
}

function* refusalsOf(trace: Trace, row: number, parameters: VllmParameters, blocks: number): Generator<Refusal> {
  const prompt = trace.promptTokens[row];
  const output = trace.outputTokens[row];
  const asks = `(${prompt} prompt tokens, ${output} output tokens)`;
  if (prompt <= 0 || output <= 0) {
    yield { code: "E_SCHEDULE", message: `needs at least one prompt and one output token ${asks}.` };
    return;
  }
  const { max_tokens: maxTokens, block_size: blockTokens } = parameters;
  if (maxTokens !== null && output > maxTokens) {
    yield { code: "E_MAX_TOKENS", message: `asks for ${output} output tokens, more than max_tokens = ${maxTokens}.` };
  }
  yield* lengthRefusals(prompt, output, asks, parameters);
  const usable = usableBlocks(parameters, blocks);
  const capacity = `, of ${usable} usable ones (${usable * blockTokens} tokens) ${asks}.`;
  const promptBlocks = Math.ceil(prompt / blockTokens);
  const isV1 = parameters._target_ === "engines.VllmV1";
  const admissible = isV1 ? usable : usable - watermarkBlocks(parameters, blocks);
  if (promptBlocks > admissible) {
    const kept = isV1 ? "" : ` beside ${usable - admissible} watermark blocks`;
    yield { code: "E_PROMPT_NEVER_FITS", message: `needs ${promptBlocks} KV blocks for its prompt${kept}${capacity}` };
  } else if (!fitsToItsEnd(prompt, output, parameters, blocks)) {
    yield { code: "E_SEQUENCE_NEVER_FITS", message: `needs more KV blocks before its end${capacity}` };
  }
  if (!parameters.enable_chunked_prefill && prompt > parameters.max_num_batched_tokens) {
    yield {
      code: "E_PROMPT_NEVER_FITS",
      message: `has a prompt beyond max_num_batched_tokens = ${parameters.max_num_batched_tokens}, and chunked prefill is off ${asks}.`,
    };
  }
}

function* lengthRefusals(prompt: number, output: number, asks: string, parameters: VllmParameters): Generator<Refusal> {
  const { max_model_len: limit, strict_model_len: isStrict, over_length: overLength } = parameters;
  if (limit === null || overLength === "ignore") return;
  if (prompt >= limit) {
    yield {
      code: "E_MAX_MODEL_LEN_PROMPT",
      message: `leaves no room for an output token below max_model_len = ${limit} ${asks}.`,
    };
    return;
  }
  const largest = limit - prompt - (isStrict ? 1 : 0);
  if (overLength === "refuse" && output > largest) {
    yield {
      code: "E_MAX_MODEL_LEN",
      message: `exceeds max_model_len = ${limit} ${asks}; it may ask for ${largest} output tokens at most.`,
    };
  }
}

/** Whether a request that is alone can get all its tokens. */
function fitsToItsEnd(prompt: number, output: number, parameters: VllmParameters, blocks: number): boolean {
  const { block_size: blockTokens } = parameters;
  if (parameters._target_ === "engines.VllmV1") {
    const tokens = Math.min(prompt + output - 1, parameters.max_model_len ?? Number.POSITIVE_INFINITY);
    return Math.ceil(tokens / blockTokens) <= usableBlocks(parameters, blocks);
  }
  // Each pass of a decode asks for a free block, so one must be left when the last one starts.
  const lastPassTokens = parameters.token_visibility === "next_pass" ? prompt + output - 1 : prompt + output - 2;
  const hasDecodes = parameters.token_visibility === "next_pass" || output > 1;
  return !hasDecodes || Math.ceil(lastPassTokens / blockTokens) <= blocks - 1;
}
