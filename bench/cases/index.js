import { baselineTokenJsq } from "./baseline-token-jsq.js";
import { coldCompose } from "./cold-compose.js";
import { compose } from "./compose.js";
import { kernel } from "./kernel.js";

export const cases = { kernel, "baseline-token_jsq": baselineTokenJsq, compose, "cold-compose": coldCompose };
