/** The less loaded of two that are drawn (Mitzenmacher, "The Power of Two Choices", IEEE TPDS 2001). O(1) a request. */
import type { Instance } from "../../cluster/instance.ts";
import type { GlobalPolicyDefinition } from "./global-policy.ts";
import { loadBy } from "./load.ts";

export const powerOfTwo: GlobalPolicyDefinition = {
  targets: ["global_policies.PowerOfTwo"],
  create({ choose }, parameters) {
    const load = loadBy(parameters);
    const instances: Instance[] = [];
    return {
      addInstance: (instance) => instances.push(instance),
      choose(request) {
        if (instances.length === 1) return instances[0];
        const first = choose(instances.length);
        const second = (first + 1 + choose(instances.length - 1)) % instances.length;
        const [a, b] = first < second ? [first, second] : [second, first];
        return load(instances[b], request) < load(instances[a], request) ? instances[b] : instances[a];
      },
    };
  },
};
