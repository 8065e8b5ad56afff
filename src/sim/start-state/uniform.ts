/** Equal instances on all servers (the start states `orca` and `baseline`). */
import { ConfigError } from "../../errors.ts";
import { slices, tensorParallelism } from "./slices.ts";
import type { StartState } from "./start-state.ts";

export const uniform: StartState = {
  matches: (stateType) => stateType === "orca" || stateType === "baseline",
  plan({ state_type, instance_processors, instance }, servers) {
    if (!instance) {
      throw new ConfigError("missing_instance", `Start state ${state_type} needs \`start_state.instance\`.`, {
        path: "start_state.instance",
      });
    }
    return servers.flatMap((server) => {
      const groups =
        instance_processors === "whole_server" ? [server.processors] : slices(server, instance, "start_state.instance");
      const parameters = { ...instance, tensor_parallelism: tensorParallelism(instance, server) };
      return groups.map((processors) => ({ server, processors, tag: null, parameters }));
    });
  },
};
