/** Every request to the application that the trace names. */
import type { RouterDefinition } from "./router.ts";

export const noOp: RouterDefinition = {
  targets: ["routers.NoOp", "router.NoOpRouter"],
  create: (requests) => ({ route: (request) => requests.trace.applicationId[request] }),
};
