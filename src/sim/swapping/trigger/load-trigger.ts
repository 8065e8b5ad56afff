/** The contract of a load trigger: which models are loaded before a request asks for them. */
import type { ServedModel } from "../served-model.ts";
import type { LoadTriggerParameters } from "./load-trigger.schema.ts";

export interface TriggerContext {
  readonly now: () => number;
  readonly models: readonly ServedModel[];
  /** Arrival of the model's next request; infinite if there is none. */
  nextUseSeconds(model: ServedModel): number;
}

/** A load at a time, whoever asks. */
export interface PlannedLoad {
  readonly seconds: number;
  readonly model: ServedModel;
  readonly group: number | undefined;
}

/** On demand, a model is loaded when a request waits for it; a trigger adds to that. */
export interface LoadTrigger {
  /** Of the models that are nowhere, the one to load into memory that is free: the least; none if it is not finite. */
  prefetchRank?(model: ServedModel): number;
  /** Groups are to keep this share of their memory free of prefetched models. */
  readonly spareShare?: number;
  readonly schedule?: readonly PlannedLoad[];
}

export interface LoadTriggerDefinition {
  readonly targets: readonly string[];
  create(parameters: LoadTriggerParameters, context: TriggerContext): LoadTrigger;
}
