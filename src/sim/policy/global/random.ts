/** Any, with equal probability. */
import type { Instance } from "../../cluster/instance.ts";
import type { GlobalPolicyDefinition } from "./global-policy.ts";

export const random: GlobalPolicyDefinition = {
  targets: ["global_policies.Random"],
  create({ choose }) {
    const instances: Instance[] = [];
    return {
      addInstance: (instance) => instances.push(instance),
      choose: () => instances[choose(instances.length)],
    };
  },
};
