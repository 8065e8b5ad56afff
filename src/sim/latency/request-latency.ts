/** Latencies of equal requests that are served together and alone, without a simulation. */
import type { BatchShape, IterationTimes } from "../performance/performance-model.ts";

export interface LatencyRequest {
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Requests served together. */
  readonly batchSize: number;
  /** Whether the prefill yields the first output token, or the first decode does. */
  readonly firstToken: "prefill" | "decode";
}

/** Seconds. */
export interface RequestLatency {
  readonly prefillSeconds: number;
  readonly decodeIterations: number;
  /** All iterations of decoding together. */
  readonly decodeSeconds: number;
  /** Of the first and of the last; undefined without decoding. */
  readonly firstDecodeSeconds: number | undefined;
  readonly lastDecodeSeconds: number | undefined;
  /** Mean time of an iteration of decoding; undefined without decoding. */
  readonly secondsPerToken: number | undefined;
  readonly totalSeconds: number;
}

const NONE: BatchShape = {
  prefills: 0,
  promptTokens: 0,
  squaredPromptTokens: 0,
  promptContextProducts: 0,
  decodes: 0,
  contextTokens: 0,
};

/** Prompts are computed whole, all in one iteration; then the outputs advance together. Errors: SimulationError of the model. */
export function requestLatency(times: IterationTimes, request: LatencyRequest): RequestLatency {
  const { promptTokens, outputTokens, batchSize, firstToken } = request;
  const prefillSeconds = times.stretchSeconds(prefillShape(promptTokens, batchSize), 1);
  // A decode attends to the token that it is fed: the last of the prompt, or the first of the output.
  const fromPrefill = firstToken === "prefill" ? 1 : 0;
  const decodeIterations = outputTokens - fromPrefill;
  if (decodeIterations <= 0) {
    return {
      prefillSeconds,
      decodeIterations: 0,
      decodeSeconds: 0,
      firstDecodeSeconds: undefined,
      lastDecodeSeconds: undefined,
      secondsPerToken: undefined,
      totalSeconds: prefillSeconds,
    };
  }
  const firstContext = promptTokens + fromPrefill;
  const decodeSeconds = times.stretchSeconds(decodeShape(firstContext, batchSize), decodeIterations);
  return {
    prefillSeconds,
    decodeIterations,
    decodeSeconds,
    firstDecodeSeconds: times.stretchSeconds(decodeShape(firstContext, batchSize), 1),
    lastDecodeSeconds: times.stretchSeconds(decodeShape(firstContext + decodeIterations - 1, batchSize), 1),
    secondsPerToken: decodeSeconds / decodeIterations,
    totalSeconds: prefillSeconds + decodeSeconds,
  };
}

export function prefillShape(promptTokens: number, batchSize: number): BatchShape {
  return {
    ...NONE,
    prefills: batchSize,
    promptTokens: batchSize * promptTokens,
    squaredPromptTokens: batchSize * promptTokens * promptTokens,
  };
}

export function decodeShape(contextTokens: number, batchSize: number): BatchShape {
  return { ...NONE, decodes: batchSize, contextTokens: batchSize * contextTokens };
}
