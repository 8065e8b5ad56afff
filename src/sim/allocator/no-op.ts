/** Leaves the instances that the start state made as they are. */
import { ConfigError } from "../../errors.ts";
import type { AllocatorDefinition } from "./allocator.ts";

export const noOp: AllocatorDefinition = {
  targets: ["allocators.NoOp", "allocator.NoOpAllocator"],
  create: (applicationId) => ({
    requestWaits(instances) {
      if (instances > 0) return;
      throw new ConfigError("no_instances", `No instances available for application ${applicationId}.`, {
        path: "start_state",
        hint: "The start state made none and the allocator noop starts none; choose a start state such as start_state=baseline.",
      });
    },
    instanceIdle() {},
  }),
};
