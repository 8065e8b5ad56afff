import { baselineTokenJsq } from "./baseline-token-jsq.js";
import { coldCompose } from "./cold-compose.js";
import { compose } from "./compose.js";
import { kernel } from "./kernel.js";
import { splitwiseMixedPool } from "./splitwise-mixed-pool.js";
import { vllmV1With512 } from "./vllm-v1-512.js";
import { vllmV1WithMooncake } from "./vllm-v1-mooncake.js";

export const cases = {
  kernel,
  "baseline-token_jsq": baselineTokenJsq("db"),
  "baseline-roofline": baselineTokenJsq("roofline"),
  "splitwise-mixed_pool": splitwiseMixedPool("splitwise"),
  "splitwise-mixed_pool-corrected": splitwiseMixedPool("none"),
  "vllm_v1-512": vllmV1With512,
  "vllm_v1-mooncake": vllmV1WithMooncake,
  compose,
  "cold-compose": coldCompose,
};
