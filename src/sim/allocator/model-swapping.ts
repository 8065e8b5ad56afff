/** Loads an application's model where requests wait for it, in the place of others: more models than fit share processors. */
import type { AllocatorDefinition } from "./allocator.ts";

export const modelSwapping: AllocatorDefinition = {
  targets: ["allocators.ModelSwapping"],
  swapsModels: true,
  create(applicationId, { swapper }) {
    const model = () => swapper().modelOf(applicationId);
    return {
      requestArrived: () => swapper().requestArrived(model()),
      admits: (request) => swapper().admits(model(), request),
      requestPlaced: (request, instance) => swapper().requestPlaced(request, instance.index),
      requestWaits(_instances, request) {
        if (request !== undefined) swapper().requestWaits(model(), request);
      },
      instanceIdle: (instance) => swapper().instanceIdle(instance),
    };
  },
};
