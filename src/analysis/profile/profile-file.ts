/** VllmSimulator's profile of a model on some hardware: JSON, times in seconds; and how it is written. */

/** Keys with equal values in a profile and in both of its curves, but for the last. */
export interface ProfileScalars {
  readonly model: string;
  /** A short label. */
  readonly model_name: string;
  /** Tokens of a KV block. */
  readonly block_size: number;
  /** All blocks, watermark included. */
  readonly num_gpu_blocks: number;
  readonly num_watermark_blocks: number;
  /** Of one pass. */
  readonly max_num_batched_tokens: number;
  /** Prompt and output of a request. */
  readonly max_model_len: number;
  readonly max_num_seqs: number;
  /** Tokens of the largest pass that the curve covers. */
  readonly input_token_upper_limit: number;
}

export const SCALARS = [
  "model",
  "model_name",
  "block_size",
  "num_gpu_blocks",
  "num_watermark_blocks",
  "max_num_batched_tokens",
  "max_model_len",
  "max_num_seqs",
  "input_token_upper_limit",
] as const satisfies readonly (keyof ProfileScalars)[];

export interface ProfileCurve extends ProfileScalars {
  /** Whether CUDA graphs ran: passes of decodes only. */
  readonly uses_cuda: boolean;
  /** By the text `(start, end)`: tokens of a pass, both ends included. */
  readonly intervals: Readonly<Record<string, ProfileLine>>;
}

/** Seconds of a pass of n tokens: slope n + intercept. */
export interface ProfileLine {
  readonly slope: number;
  readonly intercept: number;
}

export interface ProfileFile extends ProfileScalars {
  readonly cuda_profile: ProfileCurve;
  readonly no_cuda_profile: ProfileCurve;
}

/** Keys in the order of their characters, as the original writes them: intervals come as text, `(101, 151)` before `(51, 101)`. */
export function profileText(profile: ProfileFile | ProfileCurve): string {
  return `${JSON.stringify(profile, sortedKeys, 4)}\n`;
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
