/** A profile: run times of an engine's passes by their number of tokens (the JSON format of VllmSimulator, as data). */

/** Seconds of `startTokens` to `endTokens` tokens, both included: slope x tokens + intercept. */
export interface ProfileInterval {
  readonly startTokens: number;
  readonly endTokens: number;
  readonly slopeSeconds: number;
  readonly interceptSeconds: number;
}

export interface ProfileCurve {
  /** Largest pass that was measured. */
  readonly limitTokens: number;
  /** In file order, which decides where they overlap. */
  readonly intervals: readonly ProfileInterval[];
}

/** Settings of the engine that was measured, by the file's own names. */
export interface ProfileScalars {
  readonly model: string;
  readonly model_name: string;
  readonly block_size: number;
  readonly num_gpu_blocks: number;
  readonly num_watermark_blocks: number;
  readonly max_num_batched_tokens: number;
  readonly max_model_len: number;
  readonly max_num_seqs: number;
}

export interface Profile {
  readonly scalars: ProfileScalars;
  /** Passes with any prefill (`no_cuda_profile`: eager execution). */
  readonly prefill: ProfileCurve;
  /** Passes of decodes only (`cuda_profile`: CUDA graphs). */
  readonly decode: ProfileCurve;
}

/** A file of one curve, as the profiler of each kind of passes writes it. */
export interface SingleCurve {
  readonly scalars: ProfileScalars;
  /** Whether it was measured with CUDA graphs: passes of decodes only. */
  readonly usesCuda: boolean;
  readonly curve: ProfileCurve;
}
