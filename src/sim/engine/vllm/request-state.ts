/** How far each request has come, in columns indexed by request; its present instance writes them. */
import type { Requests } from "../../workload/requests.ts";

export class RequestState {
  /** Tokens whose keys and values are in the KV cache. */
  readonly computedTokens: Int32Array;
  /** Output tokens produced so far; a preemption does not lose them. */
  readonly outputTokens: Int32Array;
  /** Tokens up to which the request is in prefill: its length when it was last admitted (V0). */
  readonly prefillTokens: Int32Array;
  readonly heldBlocks: Int32Array;
  /** How many of the held blocks others may reuse. */
  readonly committedBlocks: Int32Array;
  /** Output tokens of which the gaps are counted, and when the last of them was produced. */
  readonly countedTokens: Int32Array;
  readonly lastTokenSeconds: Float64Array;
  /** Where a pool keeps the list of held blocks; -1 if nowhere. */
  readonly slot: Int32Array;

  constructor(count: number) {
    this.computedTokens = new Int32Array(count);
    this.outputTokens = new Int32Array(count);
    this.prefillTokens = new Int32Array(count);
    this.heldBlocks = new Int32Array(count);
    this.committedBlocks = new Int32Array(count);
    this.countedTokens = new Int32Array(count);
    this.lastTokenSeconds = new Float64Array(count);
    this.slot = new Int32Array(count).fill(-1);
  }
}

/** The instances of a simulation share one. */
const stateOfRequests = new WeakMap<Requests, RequestState>();

export function requestState(requests: Requests): RequestState {
  let state = stateOfRequests.get(requests);
  if (state === undefined) {
    state = new RequestState(requests.count);
    stateOfRequests.set(requests, state);
  }
  return state;
}
