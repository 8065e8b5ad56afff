/** The contract of a router: which application serves a request that reached the cluster. */
import type { Requests } from "../workload/requests.ts";

export interface Router {
  /** Id of the application that serves the request. */
  route(request: number): number;
}

export interface RouterDefinition {
  readonly targets: readonly string[];
  create(requests: Requests): Router;
}
