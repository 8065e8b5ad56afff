/** All engines. A new one is a file beside this one and a line here. */
import { continuousBatching } from "./continuous-batching.ts";
import { disaggregated } from "./disaggregated/disaggregated.ts";
import type { EngineDefinition } from "./engine.ts";
import { pipeline } from "./pipeline/pipeline.ts";
import { vllmV0, vllmV1 } from "./vllm/vllm.ts";

export const engines: readonly EngineDefinition[] = [continuousBatching, pipeline, disaggregated, vllmV1, vllmV0];
