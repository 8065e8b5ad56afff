/** The contract of an arbiter: which application may use which servers. */
import type { Server } from "../cluster/server.ts";

export interface Arbiter {
  /** Servers that the application's start state may use, in cluster order. */
  serversFor(applicationId: number, servers: readonly Server[]): readonly Server[];
}

export interface ArbiterDefinition {
  readonly targets: readonly string[];
  create(): Arbiter;
}
