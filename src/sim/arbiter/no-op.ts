/** Every application may use every server. */
import type { ArbiterDefinition } from "./arbiter.ts";

export const noOp: ArbiterDefinition = {
  targets: ["arbiters.NoOp", "arbiter.NoOpArbiter"],
  create: () => ({ serversFor: (_applicationId, servers) => servers }),
};
