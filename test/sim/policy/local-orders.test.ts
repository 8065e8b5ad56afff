import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { localOrders } from "../../../src/sim/policy/local/index.ts";
import type { LocalOrderParameters } from "../../../src/sim/policy/local/local-order.schema.ts";
import { type Job, onTimeJobs } from "../../../src/sim/policy/local/moore-hodgson.ts";
import { Requests } from "../../../src/sim/workload/requests.ts";
import { traceOf } from "../inputs.ts";

const PARAMETERS = {
  deadline: 10,
  deadline_per_token: 0,
  seconds_per_token: null,
  time_limit: 1,
  max_requests: 8,
} as unknown as LocalOrderParameters;

function orderOf(target: string, prompts: readonly number[], arrivals: readonly number[] = prompts.map(() => 0)) {
  const requests = new Requests(traceOf(prompts.map((prompt, row) => ({ arrival: arrivals[row], prompt, output: 1 }))));
  const definition = localOrders.find(({ targets }) => targets.includes(target));
  return definition!.create(
    {
      requests,
      tokens: (request) => prompts[request],
      workSeconds: (request) => prompts[request],
      choose: (count) => count - 1,
      solver: () => new Map(prompts.map((prompt, i) => [`C${i}`, prompt])),
    },
    PARAMETERS,
  );
}

const waitingOf = (requests: readonly number[]) => ({
  length: requests.length,
  at: (index: number) => requests[index],
});

describe.each(localOrders.map(({ targets: [target] }) => target))("%s", (target) => {
  test("chooses one of those that wait", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }), (prompts) => {
        const next = orderOf(target, prompts).next(waitingOf(prompts.map((_, row) => row)), 5);
        expect(next).toBeGreaterThanOrEqual(0);
        expect(next).toBeLessThan(prompts.length);
      }),
    );
  });

  test("of equal requests takes the one that joined first, unless it draws", () => {
    if (target === "local_policies.Random") return;
    expect(orderOf(target, [4, 4, 4]).next(waitingOf([2, 0, 1]), 1)).toBe(0);
  });
});

describe("local orders", () => {
  test.each([
    ["local_policies.Fcfs", 1],
    ["local_policies.Shortest", 2],
    ["local_policies.Edf", 1],
    ["local_policies.Hrrn", 2],
  ])("%s takes the request that its name says", (target, expected) => {
    // Prompts of 5, 4 and 1 tokens that arrived at 2, 1 and 3 s: at 9 s the ratios are 7/5, 8/4 and 6/1.
    expect(orderOf(target, [5, 4, 1], [2, 1, 3]).next(waitingOf([0, 1, 2]), 9)).toBe(expected);
  });
});

describe("onTimeJobs", () => {
  const jobs = fc
    .array(fc.record({ seconds: fc.integer({ min: 1, max: 9 }), deadline: fc.integer({ min: 1, max: 20 }) }), {
      maxLength: 7,
    })
    .map((list): Job[] => list.map((job, index) => ({ ...job, index })));

  /** The most of the jobs that can be on time: of a set, those can that are when done by deadline. */
  function mostByTrying(list: readonly Job[]): number {
    let most = 0;
    for (let set = 0; set < 2 ** list.length; set++) {
      const chosen = list.filter((_, i) => (set >> i) & 1).sort((a, b) => a.deadline - b.deadline);
      const ends = chosen.map((_, i) => chosen.slice(0, i + 1).reduce((sum, job) => sum + job.seconds, 0));
      if (chosen.every((job, i) => ends[i] <= job.deadline)) most = Math.max(most, chosen.length);
    }
    return most;
  }

  test("are as many as any choice can have, and all on time", () => {
    fc.assert(
      fc.property(jobs, (list) => {
        const found = onTimeJobs(list);
        expect(found.length).toBe(mostByTrying(list));
        let seconds = 0;
        for (const job of found) {
          seconds += job.seconds;
          expect(seconds).toBeLessThanOrEqual(job.deadline);
        }
      }),
      { numRuns: 300 },
    );
  });
});
