import { baselineTokenJsq } from "./baseline-token-jsq.js";
import { coldCompose } from "./cold-compose.js";
import { compose } from "./compose.js";
import { kernel } from "./kernel.js";
import { splitwiseMixedPool } from "./splitwise-mixed-pool.js";

export const cases = {
  kernel,
  "baseline-token_jsq": baselineTokenJsq("db"),
  "baseline-roofline": baselineTokenJsq("roofline"),
  "splitwise-mixed_pool": splitwiseMixedPool("splitwise"),
  "splitwise-mixed_pool-corrected": splitwiseMixedPool("none"),
  compose,
  "cold-compose": coldCompose,
};
