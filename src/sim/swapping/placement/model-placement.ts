/** The contract of a placement: on which processors a model may run, and on which of them it is loaded. */
import type { ProcessorGroup } from "../processor-group.ts";
import type { ServedModel } from "../served-model.ts";
import type { ModelPlacementParameters } from "./model-placement.schema.ts";

/** What a placement would lead to. */
export interface PlacementTrial {
  /** By model: requests without a first token within the target. */
  readonly lateRequests: readonly number[];
  /** By group: seconds with a batch running. */
  readonly busySeconds: readonly number[];
}

export interface PlacementContext {
  readonly models: readonly ServedModel[];
  readonly groups: readonly ProcessorGroup[];
  /** Unfinished requests of all models there. */
  pendingRequests(group: ProcessorGroup): number;
  /** Bytes that are free there, and those of idle models that may be evicted. */
  availableBytes(group: ProcessorGroup): number;
  /** Seconds of a load of the model to there, with the links to itself. */
  loadSeconds(model: ServedModel, group: ProcessorGroup): number;
  /** Loads that are under way to there, or that wait for memory there. */
  queuedLoads(group: ProcessorGroup): number;
  /** Simulates the run with every model on these groups. */
  tryOut(places: readonly (readonly ProcessorGroup[])[], ttftTargetSeconds: number): PlacementTrial;
}

export interface ModelPlacement {
  /** The groups that the model may be on, in order; at least one. */
  groupsFor(model: ServedModel): readonly ProcessorGroup[];
  /** Of some of these, the one to load the model to: the least, of equals where the fewest others have to leave. */
  rank(model: ServedModel, group: ProcessorGroup): number;
}

export interface ModelPlacementDefinition {
  readonly targets: readonly string[];
  /** Errors: ConfigError for a placement that names what does not exist, or that leaves a model without room. */
  create(parameters: ModelPlacementParameters, context: PlacementContext): ModelPlacement;
}
