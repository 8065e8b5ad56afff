/** Components that a user's module adds to the shipped ones, found by their `_target_` as those are. */
import { definitionOf } from "./definition-of.ts";
import type { GlobalPolicyDefinition } from "./policy/global/global-policy.ts";
import type { LocalOrderDefinition } from "./policy/local/local-order.ts";
import type { SchedulerDefinition } from "./scheduler/scheduler.ts";

export interface AddedComponents {
  readonly schedulers: readonly SchedulerDefinition[];
  readonly globalPolicies: readonly GlobalPolicyDefinition[];
  readonly localOrders: readonly LocalOrderDefinition[];
}

/** The entry that a `_target_` means, of the shipped ones and those added. Errors: ConfigError `unknown_target`. */
export function definitionAmong<Definition extends { readonly targets: readonly string[] }>(
  shipped: readonly Definition[],
  added: readonly Definition[] | undefined,
  target: string,
): Definition {
  return definitionOf(added === undefined ? shipped : [...shipped, ...added], target);
}
