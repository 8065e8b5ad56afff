/** Starts what serves more models than fit, for the applications of a run. */
import { checkSwapping } from "../checks.ts";
import { found } from "../cluster/build-cluster.ts";
import type { Server } from "../cluster/server.ts";
import type { EngineContext, EngineDefinition } from "../engine/engine.ts";
import type { InstanceMaker } from "../instance-maker.ts";
import type { SimulationInputs } from "../simulation.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { Application } from "../workload/application.ts";
import { buildSwapper, type SwapperContext, type Swapping } from "./build-swapper.ts";
import { modelNames, pinnedModels } from "./expand-models.ts";
import type { ModelDescription } from "./served-models.ts";

export interface SwappingStart extends Pick<SwapperContext, "simulateWith"> {
  readonly inputs: SimulationInputs;
  readonly engine: EngineDefinition;
  readonly context: EngineContext;
  readonly applications: ReadonlyMap<number, Application>;
  readonly maker: InstanceMaker;
  readonly servers: readonly Server[];
  readonly timeline: Timeline | undefined;
}

/** Instances are made as models are loaded. Errors: ConfigError, TraceError for what can never be served. */
export function startSwapping(start: SwappingStart): Swapping {
  const { inputs, engine, context, applications, maker, servers, timeline, simulateWith } = start;
  const { config } = inputs;
  checkSwapping(config, engine);
  return buildSwapper({
    config,
    kernel: context.kernel,
    requests: context.requests,
    servers,
    models: descriptions(inputs, applications),
    startInstance({ model, group: { server, processors, index }, ...parts }) {
      const parameters = config.applications[model.index];
      const all = { ...parts, server, processors, tag: null, group: index };
      return maker.make(model.application, parameters, all, `applications.${model.index}`);
    },
    timesOf(model, { processors }) {
      const timed = maker.timed(config.applications[model.index], processors, `applications.${model.index}`);
      return context.performance.iterationTimes(timed);
    },
    timeline,
    sampleIntervalSeconds: inputs.sampleIntervalSeconds,
    simulateWith,
  });
}

function descriptions(
  { config, sizes, architectures }: SimulationInputs,
  applications: ReadonlyMap<number, Application>,
): ModelDescription[] {
  const names = modelNames(config.applications);
  const pinned = pinnedModels(config.swapping);
  return config.applications.map(({ application_id, model_architecture, model_size }, index) => {
    const path = `applications.${index}`;
    return {
      name: names[index],
      application: applications.get(application_id) as Application,
      weightBytes: found(sizes, model_size, "model size", `${path}.model_size`).weights,
      layers: found(architectures, model_architecture, "model architecture", path).num_layers,
      isPinned: pinned[index] ?? false,
      path: `${path}.model_size`,
    };
  });
}
