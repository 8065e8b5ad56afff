/** The contract of a model order: in which order models that wait for memory are loaded, and when the others give way. */
import type { Residency, ServedModel } from "../served-model.ts";
import type { ModelOrderParameters } from "./model-order.schema.ts";

/** A model that waits to be loaded. */
export interface WaitingModel {
  readonly model: ServedModel;
  readonly sinceSeconds: number;
  /** Its request that has waited longest (a trace row); -1 if it waits to go on after a pre-emption. */
  headRequest: number;
}

export interface OrderContext {
  readonly now: () => number;
  readonly arrivalSeconds: Float64Array;
  readonly promptTokens: Int32Array;
  /** Requests of the model that wait for it to be loaded. */
  waitingRequests(model: ServedModel): number;
  /** Seconds of a load of the model, with the links to itself. */
  loadSeconds(model: ServedModel): number;
}

export interface ModelOrder {
  /** The least is loaded first; of equals the one whose request arrived first. */
  rank(waiting: WaitingModel): number;
  /** Whether a ready model whose memory `waiting` needs still takes this request; if not, it waits until it is loaded anew. */
  takes(resident: Residency, request: number, waiting: WaitingModel): boolean;
  /** With pre-emption: when busy models give way to `waiting`; default: after `swapping.preempt_after`. */
  preemptAtSeconds?(resident: Residency, waiting: WaitingModel): number;
}

export interface ModelOrderDefinition {
  readonly targets: readonly string[];
  create(parameters: ModelOrderParameters, context: OrderContext): ModelOrder;
}
