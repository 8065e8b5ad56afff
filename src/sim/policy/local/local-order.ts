/** The contract of a local order: which of an instance's waiting requests is next. */
import type { Requests } from "../../workload/requests.ts";
import type { LocalOrderParameters } from "./local-order.schema.ts";
import type { MilpSolver } from "./milp.ts";

/** Requests that wait, in the order in which they joined. */
export interface WaitingRequests {
  readonly length: number;
  at(index: number): number;
}

/** What an instance knows of its waiting requests. */
export interface LocalOrderContext {
  readonly requests: Requests;
  /** Tokens that the request would bring into the batch now. */
  tokens(request: number): number;
  /** Seconds that its work here takes, alone. */
  workSeconds(request: number): number;
  /** Draws one of `count` choices, 0 .. count - 1, from the order's own random stream. */
  choose(count: number): number;
  /** Given where a policy needs one. */
  readonly solver: MilpSolver | undefined;
}

/** Chooses one of the waiting requests, of which there is at least one, and changes nothing. */
export interface LocalOrder {
  /** Its choice among the same requests may change with time, or is drawn. */
  readonly changesWithTime?: boolean;
  /** Index in `waiting` of the next request. Equal requests: the one that joined first, unless the order says otherwise. */
  next(waiting: WaitingRequests, nowSeconds: number): number;
}

export interface LocalOrderDefinition {
  readonly targets: readonly string[];
  create(context: LocalOrderContext, parameters: LocalOrderParameters): LocalOrder;
}

/** The order by ascending score. O(waiting). */
export function byScore(
  score: (request: number, nowSeconds: number) => number,
  { changesWithTime = false } = {},
): LocalOrder {
  return {
    changesWithTime,
    next(waiting, nowSeconds) {
      let best = 0;
      let lowest = score(waiting.at(0), nowSeconds);
      for (let index = 1; index < waiting.length; index++) {
        const other = score(waiting.at(index), nowSeconds);
        if (other < lowest) {
          lowest = other;
          best = index;
        }
      }
      return best;
    },
  };
}
