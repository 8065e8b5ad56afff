/** All schemas that validators are compiled from: the run's configuration, and the items of the repositories. */
import Type from "typebox";
import { REQUEST_FILE_FORMATS } from "../results/request-files/index.ts";
import { AUTO_OUTPUTS, LARGE_SWEEP_RUNS, OUTPUT_NAMES } from "../results/run-files.ts";
import { sloSchema } from "../results/slo.schema.ts";
import { processorSchema, skuSchema } from "../sim/cluster/cluster.schema.ts";
import { latencySchema } from "../sim/latency/latency.schema.ts";
import { allocatorSchemas, schedulerSchemas } from "../sim/scheduler/scheduler.schema.ts";
import { runConfigProperties } from "../sim/simulation.schema.ts";
import { architectureSchema, huggingFaceSchema, modelSizeSchema } from "../sim/workload/model.schema.ts";
import { launcherSchema } from "../sweep/launchers/launcher.schema.ts";
import type { PackingChoice } from "../sweep/packs/choose-packing.ts";
import type { Labels } from "../sweep/plan.ts";
import { traceSchemas } from "../traces/trace.schema.ts";

/**
 * A resolved configuration. Further top-level keys are free variables: composition lets them in only with a `+`, so a
 * misspelt key cannot come this far.
 */
export const runConfig = Type.Object({
  ...runConfigProperties,
  trace: Type.Union([...traceSchemas]),
  slo: Type.Optional(sloSchema),
  labels: Type.Optional(
    Type.Record(Type.String(), Type.Unsafe<Labels[string]>({ type: ["string", "number", "boolean", "null"] }), {
      description: "Columns of runs.csv besides the swept keys",
    }),
  ),
  results: Type.Object(
    {
      outputs: Type.Array(Type.Enum([...OUTPUT_NAMES, AUTO_OUTPUTS]), {
        description: `Files that a run writes; auto: all, but none in sweeps of ${LARGE_SWEEP_RUNS} runs or more`,
      }),
      format: Type.Optional(
        Type.Enum([...REQUEST_FILE_FORMATS], {
          description: "How tables of requests are written; parquet: a third of the size, with typed columns",
        }),
      ),
      packing: Type.Optional(
        Type.Unsafe<PackingChoice>({
          type: ["string", "integer"],
          pattern: "^(auto|none)$",
          minimum: 1,
          maximum: 100_000,
          description: `auto, none or a number: rows of the files that runs without files of their own share; auto: 1000 in sweeps of ${LARGE_SWEEP_RUNS} runs or more; none: a directory per run`,
        }),
      ),
      sample_interval: Type.Optional(
        Type.Union([
          Type.Null(),
          Type.Number({ minimum: 1e-6, description: "Simulated seconds from one sample of all instances to the next" }),
        ]),
      ),
    },
    { additionalProperties: false },
  ),
});

export const schemas = {
  runConfig,
  latencyConfig: latencySchema,
  launcher: launcherSchema,
  processor: processorSchema,
  sku: skuSchema,
  architecture: architectureSchema,
  huggingFaceModel: huggingFaceSchema,
  modelSize: modelSizeSchema,
  scheduler: Type.Union([...schedulerSchemas]),
  allocator: Type.Union([...allocatorSchemas]),
};
