/** A trace is a table of requests in columns; row numbers identify requests everywhere in the simulator. */

/** Mostly one value throughout, so that a byte does. */
export type SmallIntegers = Int32Array | Uint8Array;

/**
 * Prompts as blocks of `blockTokens` tokens, the last one perhaps partial. Equal ids at equal places mean equal tokens from
 * the start of the prompt to the end of the block (Mooncake's `hash_ids`). Row r has `ids[offsets[r]]` up to, and without,
 * `ids[offsets[r + 1]]`; `offsets` has one entry more than there are rows. Tokens beyond a row's blocks are its own.
 */
export interface PrefixBlocks {
  readonly blockTokens: number;
  readonly offsets: Int32Array;
  readonly ids: Int32Array;
}

/** Columns of one trace, in file order; all have `count` entries. Runs share them: nobody writes to them. */
export interface Trace {
  readonly count: number;
  /** Seconds from the start of the simulation. */
  readonly arrivalSeconds: Float64Array;
  readonly promptTokens: Int32Array;
  /** All output tokens, the first one (produced by the prefill) included. */
  readonly outputTokens: Int32Array;
  /** Identifier as the trace gives it (a number; not necessarily the row). */
  readonly requestId: Float64Array | Int32Array;
  /** SplitwiseSim's request type; 2 is a generative LLM request, the only one known. */
  readonly requestType: SmallIntegers;
  readonly applicationId: SmallIntegers;
  /** SplitwiseSim's batch size of one request: multiplies its KV-cache size only. */
  readonly batchSize: SmallIntegers;
  /** Lower goes first, where a policy asks for it; all equal if the trace does not say. */
  readonly priority?: SmallIntegers;
  /** Which prompts begin alike, if the trace says. */
  readonly prefixBlocks?: PrefixBlocks;
  /** What the trace is, for messages: a file's path as the user gave it, or a generator's name. */
  readonly source: string;
  /** Line in the file of each row (counted from 1), if rows come from a file. */
  readonly lines?: Int32Array;
}

export const EMPTY_TRACE: Trace = {
  count: 0,
  arrivalSeconds: new Float64Array(0),
  promptTokens: new Int32Array(0),
  outputTokens: new Int32Array(0),
  requestId: new Float64Array(0),
  requestType: new Int32Array(0),
  applicationId: new Int32Array(0),
  batchSize: new Int32Array(0),
  source: "empty trace",
};
