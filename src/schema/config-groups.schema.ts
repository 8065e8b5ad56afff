/** What files of each config group, and primary configs, may contain: for editors and for docs/parameters.md. */
import Type, { type TSchema } from "typebox";
import { sloSchema } from "../results/slo.schema.ts";
import { processorSchema, skuSchema } from "../sim/cluster/cluster.schema.ts";
import { latencyProperties, modelSchema } from "../sim/latency/latency.schema.ts";
import { allocatorSchemas, schedulerSchemas } from "../sim/scheduler/scheduler.schema.ts";
import { runConfigProperties } from "../sim/simulation.schema.ts";
import { startStateSchema } from "../sim/start-state/start-state.schema.ts";
import { architectureSchema, huggingFaceSchema, modelSizeSchema } from "../sim/workload/model.schema.ts";
import { launcherSchema } from "../sweep/launchers/launcher.schema.ts";
import { fileSchema } from "./editor-schema.ts";
import { hydraSchema } from "./hydra.schema.ts";
import type { JsonSchema } from "./json-schema.ts";
import { runConfig } from "./run-config.schema.ts";

/** Config groups that are nodes of the configuration, and those whose files are items of a repository. */
export const configGroups: Readonly<Record<string, TSchema>> = {
  allocator: Type.Union([...allocatorSchemas]),
  applications: runConfigProperties.applications,
  arbiter: runConfigProperties.arbiter,
  cluster: runConfigProperties.cluster,
  engine: runConfigProperties.engine,
  hardware: processorSchema,
  hardware_repo: runConfigProperties.hardware_repo,
  "hardware_repo/interconnects": Type.Object({}, { description: "Not read yet" }),
  "hardware_repo/processors": processorSchema,
  "hardware_repo/skus": skuSchema,
  "hydra/launcher": launcherSchema,
  kv_links: runConfigProperties.kv_links,
  load_trigger: runConfigProperties.load_trigger,
  model: modelSchema,
  model_eviction: runConfigProperties.model_eviction,
  model_order: runConfigProperties.model_order,
  model_placement: runConfigProperties.model_placement,
  model_repo: runConfigProperties.model_repo,
  "model_repo/architectures": Type.Union([architectureSchema, huggingFaceSchema]),
  "model_repo/sizes": modelSizeSchema,
  orchestrator_repo: runConfigProperties.orchestrator_repo,
  performance_model: runConfigProperties.performance_model,
  decode_global: runConfigProperties.decode_global,
  decode_local: runConfigProperties.decode_local,
  prefill_global: runConfigProperties.prefill_global,
  prefill_local: runConfigProperties.prefill_local,
  power_model: runConfigProperties.power_model,
  router: runConfigProperties.router,
  "router/overheads": runConfigProperties.router.properties.overheads,
  scheduler: Type.Union([...schedulerSchemas]),
  slo: sloSchema,
  start_state: startStateSchema,
  "start_state/pools": startStateSchema,
  trace: runConfig.properties.trace,
  weight_links: runConfigProperties.weight_links,
};

/** The whole configuration. Further keys are free variables. */
export const primaryProperties = {
  ...runConfig.properties,
  choices: Type.Unknown({ description: "The chosen option of every config group" }),
  output_dir: Type.String({ description: "Folder of a single run's results, relative to the working directory" }),
  hydra: hydraSchema,
};

/** Files that are merged into the root: primary configs, and groups whose files begin with `# @package _global_`. */
const globalSchemas: Readonly<Record<string, TSchema>> = {
  config: Type.Object(primaryProperties),
  experiment: Type.Object(primaryProperties),
  latency: Type.Object({ ...latencyProperties, hydra: hydraSchema }),
  swapping: Type.Object(primaryProperties),
  compat: Type.Object({ ...primaryProperties, ...runConfigProperties.compat.properties }),
};

/** JSON Schemas by the name of their file: `cluster`, `hardware_repo.skus`, `config`. */
export function editorSchemas(): Map<string, JsonSchema> {
  const groups = Object.entries({ ...configGroups, ...globalSchemas });
  return new Map(
    groups
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([group, schema]) => [group.replaceAll("/", "."), fileSchema(titleOf(group), asData(schema))]),
  );
}

function titleOf(group: string): string {
  if (group === "latency") return "Primary configuration of `sweep latency`";
  return group === "config" ? "Primary configuration of servesweep" : `Config group ${group} of servesweep`;
}

function asData(schema: TSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema));
}
