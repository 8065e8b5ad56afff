/** Servers split into a prefill pool (tag `prompt`) and a decode pool (tag `token`), cut into instances. */
import { ConfigError } from "../../errors.ts";
import type { Server } from "../cluster/server.ts";
import { slices, tensorParallelism } from "./slices.ts";
import type { InstancePlan, PoolParameters, StartState } from "./start-state.ts";

type Tag = "prompt" | "token";

export const splitwise: StartState = {
  matches: (stateType) => stateType.includes("splitwise"),
  plan({ split_type, missing_servers, prompt, token }, servers) {
    const pools = { prompt: poolOf("prompt", prompt), token: poolOf("token", token) };
    if (split_type === "heterogeneous") {
      return servers.flatMap((server) => {
        const tag = tagBySku(server, pools);
        return instancesOn(server, tag, pools[tag]);
      });
    }
    const prefillServers = pools.prompt.num_instances ?? 0;
    const decodeServers = pools.token.num_instances ?? 0;
    if (missing_servers === "refuse" && prefillServers + decodeServers > servers.length) {
      throw new ConfigError(
        "impossible_cluster",
        `The start state needs ${prefillServers} servers for prefills and ${decodeServers} for decodes, and the cluster has ${servers.length}.`,
        { path: "start_state", hint: "Raise the counts of cluster.servers, or lower num_instances of a pool." },
      );
    }
    return [
      ...servers.slice(0, prefillServers).flatMap((server) => instancesOn(server, "prompt", pools.prompt)),
      ...servers
        .slice(prefillServers, prefillServers + decodeServers)
        .flatMap((server) => instancesOn(server, "token", pools.token)),
    ];
  },
};

function poolOf(tag: Tag, pool: PoolParameters | null): PoolParameters {
  if (pool !== null) return pool;
  throw new ConfigError("missing_instance", `The start state needs \`start_state.${tag}\`.`, {
    path: `start_state.${tag}`,
  });
}

function tagBySku({ skuName }: Server, pools: Readonly<Record<Tag, PoolParameters>>): Tag {
  for (const tag of ["prompt", "token"] as const) if (pools[tag].instance_names?.includes(skuName)) return tag;
  throw new ConfigError("unknown_name", `Neither pool of the start state takes servers of the SKU ${skuName}.`, {
    path: "start_state.prompt.instance_names",
    hint: `Add it to start_state.prompt.instance_names or start_state.token.instance_names.`,
  });
}

function instancesOn(server: Server, tag: Tag, parameters: PoolParameters): InstancePlan[] {
  return slices(server, parameters, `start_state.${tag}`).map((processors) => ({
    server,
    processors,
    tag,
    parameters: { ...parameters, tensor_parallelism: tensorParallelism(parameters, server) },
  }));
}
