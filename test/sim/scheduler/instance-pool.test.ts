import fc from "fast-check";
import { expect, test } from "vitest";
import type { Instance } from "../../../src/sim/cluster/instance.ts";
import { InstancePool } from "../../../src/sim/scheduler/instance-pool.ts";
import { stubInstance } from "./stub-instances.ts";

/** The first instance with the least load, found by looking at all of them. */
function firstLeast(instances: readonly Instance[], load: (instance: Instance) => number): Instance | undefined {
  return instances.toSorted((a, b) => load(a) - load(b))[0];
}

test("finds the least loaded instance, the first one to join among equals, whatever changes, joins and leaves", () => {
  const step = fc.record({
    action: fc.constantFrom("tokens", "bytes", "leave", "join", "ask"),
    which: fc.nat(),
    value: fc.integer({ min: -2, max: 5 }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 150 }), fc.array(step, { maxLength: 300 }), (count, steps) => {
      const pool = new InstancePool();
      const members = Array.from({ length: count }, (_, index) => stubInstance(index));
      const outside: Instance[] = [];
      for (const instance of members) pool.push(instance);
      for (const { action, which, value } of steps) {
        const member = members[which % members.length];
        const joining = outside[which % outside.length];
        if (action === "tokens" && member !== undefined) member.pendingTokens = value;
        else if (action === "bytes" && member !== undefined) member.committedBytes = value;
        else if (action === "leave" && member !== undefined) {
          pool.remove(member);
          outside.push(...members.splice(members.indexOf(member), 1));
          member.pendingTokens = -9;
        } else if (action === "join" && joining !== undefined) {
          pool.push(joining);
          members.push(...outside.splice(outside.indexOf(joining), 1));
        }
        expect(pool.length).toBe(members.length);
        expect(pool.first).toBe(members[0]);
        expect(pool.leastPendingTokens()).toBe(firstLeast(members, (instance) => instance.pendingTokens));
        expect(pool.leastCommittedBytes()).toBe(firstLeast(members, (instance) => instance.committedBytes));
      }
    }),
    { numRuns: 100 },
  );
});

test("hears of requests that an engine took or finished", () => {
  const pool = new InstancePool();
  const instances = [3, 1, 2].map((pendingRequests, index) => stubInstance(index, { pendingRequests }));
  for (const instance of instances) pool.push(instance);
  expect(pool.leastPendingRequests()).toBe(instances[1]);
  instances[1].engine = { ...instances[1].engine, pendingRequests: 4 };
  instances[1].requestsChanged();
  expect(pool.leastPendingRequests()).toBe(instances[2]);
});
