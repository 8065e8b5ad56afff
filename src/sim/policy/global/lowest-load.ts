/** The least loaded of all. O(instances) a request. */
import type { Instance } from "../../cluster/instance.ts";
import type { GlobalPolicyDefinition } from "./global-policy.ts";
import { loadBy } from "./load.ts";

export const lowestLoad: GlobalPolicyDefinition = {
  targets: ["global_policies.LowestLoad"],
  create(_, parameters) {
    const load = loadBy(parameters);
    const instances: Instance[] = [];
    return {
      addInstance: (instance) => instances.push(instance),
      choose(request) {
        let best = instances[0];
        let least = load(best, request);
        for (let i = 1; i < instances.length; i++) {
          const other = load(instances[i], request);
          if (other < least) {
            least = other;
            best = instances[i];
          }
        }
        return best;
      },
    };
  },
};
