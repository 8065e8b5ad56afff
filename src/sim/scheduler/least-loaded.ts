/** The least loaded of some instances: the first one among equals. O(instances); undefined if there are none. */
import type { Instance } from "../cluster/instance.ts";

/** By unfinished requests. */
export function leastPendingRequests(instances: readonly Instance[]): Instance | undefined {
  let least: Instance | undefined;
  let requests = Number.POSITIVE_INFINITY;
  for (const instance of instances) {
    const pending = instance.engine.pendingRequests;
    if (pending < requests) {
      least = instance;
      requests = pending;
    }
  }
  return least;
}

/** By prompt tokens and decodes that schedulers sent there and that are not finished. */
export function leastPendingTokens(instances: readonly Instance[]): Instance | undefined {
  let least: Instance | undefined;
  let tokens = Number.POSITIVE_INFINITY;
  for (const instance of instances) {
    if (instance.pendingTokens < tokens) {
      least = instance;
      tokens = instance.pendingTokens;
    }
  }
  return least;
}

/** By memory promised to requests there or on their way. */
export function leastCommittedBytes(instances: readonly Instance[]): Instance | undefined {
  let least: Instance | undefined;
  let bytes = Number.POSITIVE_INFINITY;
  for (const instance of instances) {
    if (instance.committedBytes < bytes) {
      least = instance;
      bytes = instance.committedBytes;
    }
  }
  return least;
}
