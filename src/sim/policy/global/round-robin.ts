/** In turn, whatever the load. */
import type { Instance } from "../../cluster/instance.ts";
import type { GlobalPolicyDefinition } from "./global-policy.ts";

export const roundRobin: GlobalPolicyDefinition = {
  targets: ["global_policies.RoundRobin"],
  create() {
    const instances: Instance[] = [];
    let next = 0;
    return {
      addInstance: (instance) => instances.push(instance),
      choose: () => instances[next++ % instances.length],
    };
  },
};
