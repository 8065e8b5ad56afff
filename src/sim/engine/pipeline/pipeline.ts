/** Makes the pipelines of simdistserve, and refuses what they cannot serve. */
import { ConfigError, TraceError } from "../../../errors.ts";
import type { Instance } from "../../cluster/instance.ts";
import type { RunConfig } from "../../simulation.schema.ts";
import type { Trace } from "../../workload/trace.ts";
import type { PipelineParameters } from "../engine.schema.ts";
import type { Engine, EngineContext, EngineDefinition, EngineOwner } from "../engine.ts";
import type { InstanceParameters } from "../instance-parameters.ts";
import { PipelineEngine } from "./pipeline-engine.ts";

/** What simdistserve leaves of memory for weights and KV caches, and its tokens per block. */
const USABLE_SHARE = 0.94;
const BLOCK_TOKENS = 16;

export const pipeline: EngineDefinition = {
  targets: ["engines.Pipeline"],
  firstToken: (parameters) => (parameters as PipelineParameters).first_token,
  create(context: EngineContext, instance: Instance, parameters: InstanceParameters, owner: EngineOwner): Engine {
    const own = context.config.engine as PipelineParameters;
    const { kernel, requests, tasks, performance, timeline } = context;
    const { timed, kvBytesPerToken, listener } = owner;
    const capacity = capacityTokens(own, instance, parameters, owner);
    const { pipeline_parallelism: stages } = parameters;
    const tracks =
      timeline === undefined
        ? []
        : Array.from({ length: stages }, (_, index) =>
            timeline.addTrack(instance, stages === 1 ? undefined : `stage ${index}`),
          );
    const times = performance.iterationTimes(timed);
    return new PipelineEngine(
      { instance, kernel, requests, tasks, kvBytesPerToken, listener, tracks, times },
      {
        stages,
        prefillBatchTokens: own.prefill_batch_tokens ?? capacity,
        decodeBatchTokens: own.decode_batch_tokens,
        decodeBatchSize: capacity,
        prefillStageSeconds: own.prefill_stage_overhead,
        firstStageSeconds: own.first_stage_overhead,
        firstStageSecondsPerToken: own.first_stage_overhead_per_token,
        decodesFirstToken: own.first_token === "decode",
      },
    );
  },
  checkTrace(trace: Trace, instances: readonly Instance[], _applications, config: RunConfig): void {
    const limit = Math.min(
      ...instances.filter(({ tag }) => tag !== "token").map(({ engine }) => longestPrompt(engine)),
    );
    const tooLong: number[] = [];
    for (let row = 0; row < trace.count; row++) if (trace.promptTokens[row] > limit) tooLong.push(row);
    if (tooLong.length === 0) return;
    const named = tooLong.slice(0, 10).map((row) => `${trace.requestId[row]} (${trace.promptTokens[row]} tokens)`);
    throw new TraceError(
      `${tooLong.length} prompts are longer than a prefill batch of ${limit} tokens, and would wait for ever: requests ${named.join(", ")}${tooLong.length > 10 ? ", ..." : ""}.`,
      { file: trace.source, line: trace.lines?.[tooLong[0]] },
      {
        hint:
          (config.engine as PipelineParameters).prefill_batch_tokens === null
            ? "Give the prefill instances more processors, or drop these requests."
            : "Raise engine.prefill_batch_tokens, or drop these requests.",
      },
    );
  },
};

function longestPrompt(engine: Engine): number {
  return engine instanceof PipelineEngine ? engine.longestPromptTokens : Number.POSITIVE_INFINITY;
}

/** Published, or simdistserve's formula over the instance's own memory. */
function capacityTokens(
  { capacities }: PipelineParameters,
  instance: Instance,
  { tensor_parallelism: tensor, pipeline_parallelism: stages }: InstanceParameters,
  { timed, kvBytesPerToken, weightBytes }: EngineOwner,
): number {
  const published = Object.hasOwn(capacities, timed.modelArchitecture) ? capacities[timed.modelArchitecture] : [];
  const row = published.find(([tp, pp]) => tp === tensor && pp === stages);
  if (row !== undefined) return row[2];
  const processors = tensor * stages;
  const freeBytes = USABLE_SHARE * instance.processor.memoryBytes - weightBytes / processors;
  const tokens = Math.floor(freeBytes / ((BLOCK_TOKENS * kvBytesPerToken) / processors)) * BLOCK_TOKENS;
  if (tokens > 0) return tokens;
  throw new ConfigError(
    "model_too_large",
    `${timed.modelArchitecture} leaves no memory for KV caches on ${processors} x ${instance.processor.name}.`,
    { path: "start_state", hint: "Raise tensor_parallelism or pipeline_parallelism." },
  );
}
