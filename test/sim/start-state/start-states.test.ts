import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import type { Server } from "../../../src/sim/cluster/server.ts";
import { startStates } from "../../../src/sim/start-state/index.ts";
import { slices } from "../../../src/sim/start-state/slices.ts";
import type { StartStateParameters } from "../../../src/sim/start-state/start-state.ts";
import { INSTANCE, thrownBy } from "../inputs.ts";

function server(id: number, skuName: string, processors: number): Server {
  const names = Array.from({ length: processors }, (_, index) => `${skuName}/${id}/${index}`);
  return { id, skuName, processors: names.map((name) => ({ name, memoryBytes: 1 })) };
}

const SERVERS = [server(0, "a", 4), server(1, "a", 4), server(2, "b", 8)];

function parameters(more: Partial<StartStateParameters>): StartStateParameters {
  return {
    state_type: "baseline",
    instance_processors: "tensor_parallel",
    missing_servers: "refuse",
    split_type: "homogeneous",
    instance: INSTANCE,
    prompt: null,
    token: null,
    ...more,
  };
}

/** Planned instances as tag and processors, e.g. `prompt: a/0/0 a/0/1`. */
function plan(more: Partial<StartStateParameters>, servers: readonly Server[] = SERVERS): string[] {
  const given = parameters(more);
  const startState = startStates.find(({ matches }) => matches(given.state_type));
  if (startState === undefined) throw new Error(`no start state ${given.state_type}`);
  return startState
    .plan(given, servers)
    .map(({ tag, processors }) => `${tag}: ${processors.map(({ name }) => name).join(" ")}`);
}

const withTensorParallelism = (tensor_parallelism: number) => ({ ...INSTANCE, tensor_parallelism });

const parallelism = (tensor: number, stages = 1) => ({ tensor_parallelism: tensor, pipeline_parallelism: stages });

describe("slices", () => {
  test("cuts a server into consecutive groups of processors", () => {
    expect(slices(server(0, "a", 4), parallelism(2), "p").map((group) => group.map(({ name }) => name))).toEqual([
      ["a/0/0", "a/0/1"],
      ["a/0/2", "a/0/3"],
    ]);
  });

  test("leaves a rest that is too small unused", () => {
    expect(slices(server(0, "a", 8), parallelism(3), "p").map((group) => group.length)).toEqual([3, 3]);
  });

  test("refuses a tensor parallelism larger than the server, naming both and the key", () => {
    const error = thrownBy(() => slices(server(0, "dgx", 4), parallelism(8), "start_state.instance"));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      label: "impossible_cluster",
      path: "start_state.instance.tensor_parallelism",
      message: expect.stringMatching(/parallelism 8 .*dgx.* 4 processors/),
      hint: "Use at most 4.",
    });
  });
});

describe.each(["baseline", "orca"])("%s", (state_type) => {
  test("makes as many instances on every server as fit, in order, without a tag", () => {
    expect(plan({ state_type, instance: withTensorParallelism(4) })).toEqual([
      "null: a/0/0 a/0/1 a/0/2 a/0/3",
      "null: a/1/0 a/1/1 a/1/2 a/1/3",
      "null: b/2/0 b/2/1 b/2/2 b/2/3",
      "null: b/2/4 b/2/5 b/2/6 b/2/7",
    ]);
  });

  test("with whole servers makes one instance of all processors on each, whatever its tensor parallelism", () => {
    const whole = { state_type, instance_processors: "whole_server" as const };
    for (const tensorParallelism of [1, 16]) {
      expect(plan({ ...whole, instance: withTensorParallelism(tensorParallelism) }, SERVERS.slice(0, 2))).toEqual([
        "null: a/0/0 a/0/1 a/0/2 a/0/3",
        "null: a/1/0 a/1/1 a/1/2 a/1/3",
      ]);
    }
  });

  test("refuses a tensor parallelism that no server offers", () => {
    expect(thrownBy(() => plan({ state_type, instance: withTensorParallelism(16) }))).toBeInstanceOf(ConfigError);
  });

  test("refuses to start without parameters of its instances", () => {
    expect(thrownBy(() => plan({ state_type, instance: null }))).toMatchObject({
      label: "missing_instance",
      path: "start_state.instance",
    });
  });
});

test("unallocated makes none", () => {
  expect(plan({ state_type: "unallocated", instance: null })).toEqual([]);
});

describe("splitwise", () => {
  const pools = (prompts: number, tokens: number) => ({
    state_type: "splitwise_x",
    prompt: { ...withTensorParallelism(4), num_instances: prompts, instance_names: ["b"] },
    token: { ...withTensorParallelism(2), num_instances: tokens, instance_names: ["a"] },
  });

  test("homogeneous: takes servers in order, counted in servers, prefills first; the rest stays empty", () => {
    expect(plan(pools(1, 1))).toEqual(["prompt: a/0/0 a/0/1 a/0/2 a/0/3", "token: a/1/0 a/1/1", "token: a/1/2 a/1/3"]);
  });

  test("homogeneous: refuses a cluster with too few servers, or gives the last pool fewer", () => {
    const error = thrownBy(() => plan(pools(2, 2)));
    expect(error).toMatchObject({ label: "impossible_cluster", message: expect.stringMatching(/2 .* 2 .* 3/) });
    const ignoring = plan({ ...pools(2, 2), missing_servers: "ignore" });
    expect(ignoring.filter((line) => line.startsWith("token"))).toHaveLength(4);
    expect(plan({ ...pools(3, 1), missing_servers: "ignore" }).filter((line) => line.startsWith("token"))).toEqual([]);
  });

  test("heterogeneous: puts every server into the pool that names its SKU, in server order", () => {
    expect(plan({ ...pools(0, 0), split_type: "heterogeneous" })).toEqual([
      "token: a/0/0 a/0/1",
      "token: a/0/2 a/0/3",
      "token: a/1/0 a/1/1",
      "token: a/1/2 a/1/3",
      "prompt: b/2/0 b/2/1 b/2/2 b/2/3",
      "prompt: b/2/4 b/2/5 b/2/6 b/2/7",
    ]);
  });

  test("heterogeneous: refuses a server whose SKU no pool names", () => {
    const error = thrownBy(() => plan({ ...pools(0, 0), split_type: "heterogeneous" }, [server(0, "other", 8)]));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ label: "unknown_name", message: expect.stringContaining("SKU other") });
  });

  test.each(["prompt", "token"])("refuses to start without parameters of its %s pool", (pool) => {
    expect(thrownBy(() => plan({ ...pools(1, 1), [pool]: null }))).toMatchObject({
      label: "missing_instance",
      path: `start_state.${pool}`,
    });
  });
});
