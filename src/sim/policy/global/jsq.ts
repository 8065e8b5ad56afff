/** Join the shortest queue: by unfinished requests, or by tokens that schedulers sent and that are not finished. */
import type { Instance } from "../../cluster/instance.ts";
import { InstancePool } from "../../scheduler/instance-pool.ts";
import type { GlobalPolicyDefinition } from "./global-policy.ts";

export const jsq: GlobalPolicyDefinition = {
  targets: ["global_policies.Jsq"],
  create() {
    const pool = new InstancePool();
    return {
      addInstance: (instance) => pool.push(instance),
      choose: () => pool.leastPendingRequests() as Instance,
    };
  },
};

export const tokenJsq: GlobalPolicyDefinition = {
  targets: ["global_policies.TokenJsq"],
  create() {
    const pool = new InstancePool();
    return {
      addInstance: (instance) => pool.push(instance),
      choose: () => pool.leastPendingTokens() as Instance,
    };
  },
};
