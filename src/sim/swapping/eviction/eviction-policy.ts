/** The contract of an eviction policy: whose weights make room for another model's. */
import type { Residency, ServedModel } from "../served-model.ts";
import type { EvictionParameters } from "./eviction.schema.ts";

export interface EvictionContext {
  readonly now: () => number;
  /** Seconds of a load of the model to where it is now, with the links to itself. */
  reloadSeconds(residency: Residency): number;
  /** Arrival of the model's next request; infinite if there is none. */
  nextUseSeconds(model: ServedModel): number;
}

/** A policy looks only at residencies that may be evicted: idle ones, or busy ones where pre-emption is on. */
export interface EvictionPolicy {
  /** The least goes first; of equals the one with the least `tie`, then the longest unused, then the first model. */
  rank(residency: Residency): number;
  tie?(residency: Residency): number;
  /** Nothing is evicted for others. */
  readonly isNever?: boolean;
  /** Seconds after which an idle model leaves by itself; default: never. */
  keepAliveSeconds?(model: ServedModel): number;
  /** Seconds after its last completion when a model that has left comes back unasked; default: never. */
  prewarmSeconds?(model: ServedModel): number | undefined;
}

export interface EvictionPolicyDefinition {
  readonly targets: readonly string[];
  create(parameters: EvictionParameters, context: EvictionContext): EvictionPolicy;
}
