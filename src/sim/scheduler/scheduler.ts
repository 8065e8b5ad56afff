/** The contract of a global scheduler: which instances serve a request. */
import type { Instance } from "../cluster/instance.ts";
import type { GlobalPolicyParameters } from "../policy/global/global-policy.schema.ts";
import type { GlobalPolicyDefinition } from "../policy/global/global-policy.ts";
import type { Requests } from "../workload/requests.ts";
import type { SchedulerParameters } from "./scheduler.schema.ts";

/** When the instance of the decode is chosen. */
export type DecodeBinding = "arrival" | "prefill_end" | "transfer_end";

/** Where a request is served; both are the same instance unless its KV cache is to be transferred. */
export interface Placement {
  readonly prefill: Instance;
  /** Undefined if the scheduler binds the decode later. */
  readonly decode: Instance | undefined;
}

/** A placement that says all at once. */
export interface BoundPlacement extends Placement {
  readonly decode: Instance;
}

/**
 * A scheduler hears of instances and of what happens to requests, and answers with placements. It reads engines and
 * memories but changes only the load counters of the instances that it chooses (`pendingTokens`). Equal candidates:
 * the first in order of creation, unless the scheduler says otherwise.
 */
export interface Scheduler {
  readonly decodeBinding: DecodeBinding;
  addInstance(instance: Instance): void;
  /** The instance is not to be chosen any more, though it may have work; absent of schedulers of pools that never shrink. */
  removeInstance?(instance: Instance): void;
  /** Chooses for a request that arrived; undefined means "not now": asked again when a task ends or an instance starts. */
  place(request: number): Placement | undefined;
  /** Chooses the instance of the decode; asked at the end of the prefill, or of the transfer, if `decodeBinding` says so. */
  bindDecode?(request: number): Instance;
  /** Throws a ConfigError if the instances that it knows cannot serve any request. */
  checkInstances?(): void;
  prefillDone?(request: number): void;
  transferDone?(request: number): void;
  requestDone?(request: number): void;
  instanceIdle?(instance: Instance): void;
}

/**
 * How kv_token_jsq counts load: prompt tokens and decodes when they are scheduled; or as SplitwiseSim ships it: nothing
 * at scheduling, so that work finished lets counters fall below zero, and the bandwidth of its overlapping variant.
 */
export type KvTokenJsqVariant = "counted" | "as_shipped";

/** Bandwidth of a transfer that overlaps with its prefill, relative to one after it (SplitwiseSim). */
export const OVERLAP_SPEEDUP = 10;

export interface GlobalPolicies {
  readonly prefill_global?: GlobalPolicyParameters | undefined;
  readonly decode_global?: GlobalPolicyParameters | undefined;
}

/** What a scheduler may use. */
export interface SchedulerContext {
  readonly requests: Requests;
  readonly kvTokenJsq: KvTokenJsqVariant;
  /** KV-cache bytes of so many tokens of a request. */
  kvBytes(request: number, tokens: number): number;
  /** Draws one of `count` choices, 0 .. count - 1, from the scheduler's own random stream. */
  choose(count: number): number;
  /** The policies that the configuration has for decisions which some schedulers leave to them. */
  readonly globalPolicies: GlobalPolicies;
  /** Those of plugins, besides the shipped ones. */
  readonly addedGlobalPolicies?: readonly GlobalPolicyDefinition[] | undefined;
  /** As `choose`, from a stream of the decision's own. */
  chooseFor(decision: keyof GlobalPolicies, count: number): number;
}

/** One entry of the registry of schedulers. */
export interface SchedulerDefinition {
  /** Names by which `_target_` may call it: ours first, then SplitwiseSim's class paths. */
  readonly targets: readonly string[];
  /** It leaves its decisions to `prefill_global` and `decode_global`; with other schedulers these are refused. */
  readonly decidesGlobally?: boolean;
  create(context: SchedulerContext, parameters: SchedulerParameters): Scheduler;
  /** By how much transfers are faster than the scheduler's `transfer_bandwidth`; 1 if not given. */
  transferSpeedup?(kvTokenJsq: KvTokenJsqVariant): number;
}
