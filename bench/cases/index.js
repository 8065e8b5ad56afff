import { baselineTokenJsq } from "./baseline-token-jsq.js";
import { coldCompose } from "./cold-compose.js";
import { compose } from "./compose.js";
import { kernel } from "./kernel.js";
import { COMPATIBLE, DISAGGREGATED, mooncake, VLLM_V1 } from "./mooncake.js";
import { reportOf } from "./report.js";
import { samples } from "./samples.js";
import { splitwiseMixedPool } from "./splitwise-mixed-pool.js";
import { swapping } from "./swapping.js";
import { resume, sweepOf } from "./sweep.js";
import { vllmV1With512 } from "./vllm-v1-512.js";

export const cases = {
  kernel,
  "baseline-token_jsq": baselineTokenJsq("db"),
  "baseline-roofline": baselineTokenJsq("roofline"),
  "splitwise-mixed_pool": splitwiseMixedPool("splitwise"),
  "splitwise-mixed_pool-corrected": splitwiseMixedPool("none"),
  "vllm_v1-512": vllmV1With512,
  "vllm_v1-mooncake": mooncake(VLLM_V1),
  "disaggregated-mooncake": mooncake(DISAGGREGATED),
  "llm_serving-mooncake": mooncake(COMPATIBLE),
  "swapping-day": swapping,
  compose,
  "cold-compose": coldCompose,
  "sweep-100": sweepOf(100),
  "sweep-400": sweepOf(400),
  resume,
  "report-10000": reportOf("[]"),
  "report-10000-folders": reportOf("[summary]"),
  samples,
};
