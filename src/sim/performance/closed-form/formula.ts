/**
 * LLM-simulator's closed form (github.com/lrq619/LLM-simulator): a prompt takes its tokens over a measured rate, and an
 * output token the time to read the weights and the KV cache from memory.
 */

export interface ClosedFormFigures {
  readonly promptTokensPerSecond: number;
  readonly weightGigabytes: number;
  /** Keys and values of one token. */
  readonly kvGigabytes: number;
  /** That decoding reaches. */
  readonly bandwidthGigabytesPerSecond: number;
  readonly tokenPhaseFactor: number;
}

export interface ClosedFormInputs {
  readonly promptTokensPerSecond: number;
  readonly weightBytes: number;
  readonly kvBytesPerToken: number;
  readonly memoryBytesPerSecond: number;
  /** Share of the memory bandwidth that decoding reaches. */
  readonly memoryBandwidthUtilisation: number;
  readonly tokenPhaseFactor: number;
  readonly units: "consistent" | "mixed";
}

export function closedFormFigures(inputs: ClosedFormInputs): ClosedFormFigures {
  const { kvBytesPerToken, units } = inputs;
  return {
    promptTokensPerSecond: inputs.promptTokensPerSecond,
    weightGigabytes: inputs.weightBytes / 1e9,
    // The original divides kilobytes of 1024 bytes by 1024^2 and weights by 10^9: 7 % less for the KV cache.
    kvGigabytes: units === "mixed" ? kvBytesPerToken / 1024 ** 3 : kvBytesPerToken / 1e9,
    bandwidthGigabytesPerSecond: (inputs.memoryBytesPerSecond / 1e9) * inputs.memoryBandwidthUtilisation,
    tokenPhaseFactor: inputs.tokenPhaseFactor,
  };
}

/** Of all prompts together: how the tokens are split into sequences does not matter. */
export function promptSeconds({ promptTokensPerSecond }: ClosedFormFigures, promptTokens: number): number {
  return promptTokens / promptTokensPerSecond;
}

/** One iteration of decoding, `contextTokens` being in the KV caches of all sequences together. */
export function decodeSeconds(figures: ClosedFormFigures, contextTokens: number): number {
  const { weightGigabytes, kvGigabytes, bandwidthGigabytesPerSecond, tokenPhaseFactor } = figures;
  return (tokenPhaseFactor * (weightGigabytes + contextTokens * kvGigabytes)) / bandwidthGigabytesPerSecond;
}

/** What an iteration takes longer for each token more in the KV caches. */
export function decodeSecondsPerContextToken(figures: ClosedFormFigures): number {
  return (figures.tokenPhaseFactor * figures.kvGigabytes) / figures.bandwidthGigabytesPerSecond;
}
