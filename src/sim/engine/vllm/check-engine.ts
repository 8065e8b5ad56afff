/** Parameters that an instance cannot have. */
import { ConfigError, throwTogether } from "../../../errors.ts";
import { gigabytes } from "../../checks.ts";
import type { Instance } from "../../cluster/instance.ts";
import { type InstanceBytes, usableBlocks } from "./block-count.ts";
import type { VllmParameters } from "./vllm.schema.ts";

/** Errors: ConfigError, all of them at once. */
export function checkEngine(
  parameters: VllmParameters,
  instance: Instance,
  bytes: InstanceBytes,
  blocks: number,
): void {
  const errors: ConfigError[] = [];
  const refuse = (label: string, path: string, message: string, hint: string) =>
    errors.push(new ConfigError(label, message, { path, hint }));
  const { max_num_batched_tokens: budget, max_num_seqs: sequences, max_model_len: length } = parameters;
  if (sequences !== null && budget < sequences) {
    refuse(
      "E_MAX_NUM_SEQS",
      "engine.max_num_batched_tokens",
      `E_MAX_NUM_SEQS: a pass of ${budget} tokens (max_num_batched_tokens) has not one for each of ${sequences} running requests (max_num_seqs).`,
      "Raise engine.max_num_batched_tokens, or lower engine.max_num_seqs.",
    );
  }
  const { capacityBytes, weightBytes, kvBytesPerToken } = bytes;
  const blockBytes = parameters.block_size * kvBytesPerToken;
  if (parameters.num_gpu_blocks !== null && weightBytes + blocks * blockBytes > capacityBytes) {
    refuse(
      "blocks_exceed_memory",
      "engine.num_gpu_blocks",
      `${blocks} KV blocks take ${gigabytes(blocks * blockBytes)}, and ${instance.label} has ` +
        `${gigabytes(capacityBytes - weightBytes)} beside the weights.`,
      "Lower engine.num_gpu_blocks, or set it to null.",
    );
  }
  const usable = usableBlocks(parameters, blocks);
  const neededBlocks = Math.ceil((length ?? 1) / parameters.block_size);
  if (parameters.num_gpu_blocks === null && neededBlocks > usable) {
    refuse(
      "kv_cache_too_small",
      "engine.max_model_len",
      `One sequence of ${length ?? 1} tokens needs ${gigabytes(neededBlocks * blockBytes)} of KV cache, and ` +
        `gpu_memory_utilization leaves ${gigabytes(Math.max(0, usable) * blockBytes)} on ${instance.label}, ` +
        `enough for ${Math.max(0, usable) * parameters.block_size} tokens.`,
      "Use larger instances (start_state.instance.tensor_parallelism), or lower engine.max_model_len.",
    );
  }
  const threshold = parameters._target_ === "engines.VllmV1" ? parameters.long_prefill_token_threshold : 0;
  if (length !== null && threshold > length) {
    refuse(
      "long_prefill_threshold",
      "engine.long_prefill_token_threshold",
      `long_prefill_token_threshold (${threshold}) is above max_model_len (${length}).`,
      "No prompt is that long: lower it, or set 0 for none.",
    );
  }
  throwTogether(errors);
}
