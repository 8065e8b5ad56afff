import { describe, expect, test } from "vitest";
import type { GlobalPolicyParameters } from "../../../src/sim/policy/global/global-policy.schema.ts";
import { globalPolicies } from "../../../src/sim/policy/global/index.ts";
import { Requests } from "../../../src/sim/workload/requests.ts";
import { traceOf } from "../inputs.ts";
import { type StubLoad, stubInstance } from "../scheduler/stub-instances.ts";

const requests = new Requests(traceOf(Array.from({ length: 20 }, () => ({ arrival: 0, prompt: 10, output: 6 }))));

function policyOf(target: string, loads: readonly StubLoad[], choose = (_count: number) => 0) {
  const definition = globalPolicies.find(({ targets }) => targets.includes(target));
  const parameters = { _target_: target, by: "queue" } as GlobalPolicyParameters;
  const policy = definition!.create({ requests, choose }, parameters);
  const instances = loads.map((load, index) => stubInstance(index, load));
  for (const instance of instances) policy.addInstance(instance);
  return { policy, instances };
}

describe.each(globalPolicies.map(({ targets: [target] }) => target))("%s", (target) => {
  test("chooses only among the instances that it was given", () => {
    let draws = 0;
    const { policy, instances } = policyOf(target, [{}, {}, {}], (count) => (7 * draws++) % count);
    for (let request = 0; request < 20; request++) expect(instances).toContain(policy.choose(request));
  });

  test("serves with the only instance that there is", () => {
    const { policy, instances } = policyOf(target, [{}]);
    expect([policy.choose(0), policy.choose(1)]).toEqual([instances[0], instances[0]]);
  });

  test("given equal instances, begins with the first", () => {
    const { policy, instances } = policyOf(target, [{}, {}, {}]);
    expect(policy.choose(0)).toBe(instances[0]);
  });
});

describe("policies that look at the load", () => {
  test.each([
    ["global_policies.LowestLoad", { pendingTasks: 3 }, { pendingTasks: 1 }],
    ["global_policies.PowerOfTwo", { pendingTasks: 3 }, { pendingTasks: 1 }],
    ["global_policies.Jsq", { pendingRequests: 3 }, { pendingRequests: 1 }],
    ["global_policies.TokenJsq", { pendingTokens: 30 }, { pendingTokens: 10 }],
  ])("%s takes the less loaded of two", (target, more, less) => {
    const { policy, instances } = policyOf(target, [more, less]);
    expect(policy.choose(0)).toBe(instances[1]);
  });

  test("round_robin does not", () => {
    const { policy, instances } = policyOf("global_policies.RoundRobin", [{ pendingRequests: 9 }, {}]);
    expect([0, 1, 2].map((request) => instances.indexOf(policy.choose(request)))).toEqual([0, 1, 0]);
  });
});
