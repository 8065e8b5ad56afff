/** Options for what a profile says besides its curves. */

import { SweepError } from "../../errors.ts";
import type { ProfileScalars } from "../../sim/performance/profile/profile.ts";
import { type OptionTable, wholeNumber } from "../option-table.ts";

export const SCALAR_OPTIONS = {
  model: { type: "string", value: "NAME", describe: "The model's name (default: the file's)" },
  "block-size": { type: "string", value: "TOKENS", describe: "Tokens of a KV block (16)" },
  "num-gpu-blocks": { type: "string", value: "N", describe: "KV blocks of the instance, watermark included" },
  "num-watermark-blocks": { type: "string", value: "N", describe: "Of these kept free (3 converted, else 1%)" },
  "max-num-batched-tokens": { type: "string", value: "N", describe: "Tokens of a pass (the largest measured)" },
  "max-model-len": { type: "string", value: "TOKENS", describe: "Prompt and output of a request (8192)" },
  "max-num-seqs": {
    type: "string",
    value: "N",
    describe: "Requests of a pass (8192 converted, else the largest measured)",
  },
} as const satisfies OptionTable;

type ScalarOptions = { readonly [K in keyof typeof SCALAR_OPTIONS]: string | undefined };

export interface ScalarDefaults {
  readonly model: string;
  /** By the number of blocks. */
  readonly num_watermark_blocks: (blocks: number) => number;
  readonly max_num_batched_tokens: number;
  readonly max_num_seqs: number;
}

/** Errors: SweepError `USAGE`. */
export function scalarsFrom(options: ScalarOptions, defaults: ScalarDefaults): ProfileScalars {
  const number = (name: keyof ScalarOptions, least = 1) => wholeNumber(name, options[name], least);
  const blocks = number("num-gpu-blocks");
  if (blocks === undefined) {
    throw new SweepError("USAGE", "--num-gpu-blocks is missing: how many KV blocks the instance has.", {
      hint: "vLLM logs it at its start (GPU blocks); `sweep profile convert --help` lists figures of some models.",
    });
  }
  const model = options.model ?? defaults.model;
  const budget = number("max-num-batched-tokens") ?? defaults.max_num_batched_tokens;
  return {
    model,
    model_name: model.split("/").at(-1) ?? model,
    block_size: number("block-size") ?? 16,
    num_gpu_blocks: blocks,
    num_watermark_blocks: number("num-watermark-blocks", 0) ?? defaults.num_watermark_blocks(blocks),
    max_num_batched_tokens: budget,
    max_model_len: number("max-model-len") ?? 8192,
    max_num_seqs: number("max-num-seqs") ?? defaults.max_num_seqs,
  };
}
