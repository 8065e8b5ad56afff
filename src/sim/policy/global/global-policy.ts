/** The contract of a global policy: which of several equal instances gets a request, for its prefill or for its decode. */
import type { Instance } from "../../cluster/instance.ts";
import type { Requests } from "../../workload/requests.ts";
import type { GlobalPolicyParameters } from "./global-policy.schema.ts";

/**
 * Chooses among the instances that it was given, of which there is at least one, and changes none of them. Equal instances:
 * the first one, unless the policy says otherwise.
 */
export interface GlobalPolicy {
  addInstance(instance: Instance): void;
  choose(request: number): Instance;
}

export interface GlobalPolicyContext {
  readonly requests: Requests;
  /** Draws one of `count` choices, 0 .. count - 1, from the policy's own random stream. */
  choose(count: number): number;
}

export interface GlobalPolicyDefinition {
  readonly targets: readonly string[];
  create(context: GlobalPolicyContext, parameters: GlobalPolicyParameters): GlobalPolicy;
}
