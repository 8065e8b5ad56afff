/** The contract of a router: which application serves a request that reached the cluster. */
import type { RequestTable } from "../workload/request-table.ts";

export interface Router {
  /** Id of the application that serves the request. */
  route(request: number): number;
}

export interface RouterDefinition {
  readonly targets: readonly string[];
  create(requests: RequestTable): Router;
}
