/** All engines. A new one is a file beside this one and a line here. */
import { continuousBatching } from "./continuous-batching.ts";
import { disaggregated } from "./disaggregated/disaggregated.ts";
import type { EngineDefinition } from "./engine.ts";
import { pipeline } from "./pipeline/pipeline.ts";

export const engines: readonly EngineDefinition[] = [continuousBatching, pipeline, disaggregated];
