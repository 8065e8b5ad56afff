import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import type { Instance } from "../../../src/sim/cluster/instance.ts";
import { schedulers } from "../../../src/sim/scheduler/index.ts";
import type { BoundPlacement } from "../../../src/sim/scheduler/scheduler.ts";
import { SCHEDULER_PARAMETERS, schedulerContext, stubInstance } from "./stub-instances.ts";

/** Two instances that prefill and two that decode: what any scheduler can work with. */
function pools(): Instance[] {
  return (["prompt", "prompt", "token", "token"] as const).map((tag, index) => stubInstance(index, { tag }));
}

function indices({ prefill, decode }: BoundPlacement): [number, number] {
  return [prefill.index, decode.index];
}

describe.each(schedulers.map((definition) => [definition.targets[0], definition] as const))(
  "%s",
  (_target, definition) => {
    function started(instances: readonly Instance[], choose?: (count: number) => number) {
      const scheduler = definition.create(schedulerContext(choose), SCHEDULER_PARAMETERS);
      for (const instance of instances) scheduler.addInstance(instance);
      return scheduler;
    }

    test("places every request on instances that it was given", () => {
      const instances = pools();
      const scheduler = started(instances, (count) => count - 1);
      for (let request = 0; request < 20; request++) {
        const placement = scheduler.place(request);
        expect(instances).toContain(placement?.prefill);
        expect(instances).toContain(placement?.decode);
      }
    });

    test("without instances says 'not now', or which pool is empty", () => {
      const scheduler = started([]);
      try {
        expect(scheduler.place(0)).toBe(undefined);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        expect(error).toMatchObject({ label: "no_instances", message: expect.stringMatching(/prefill|decode/) });
      }
    });

    test("given equal instances, begins with the first of each kind", () => {
      const instances = pools();
      const placement = started(instances).place(0) as BoundPlacement;
      const firstOf = (tag: string | null) => instances.find((instance) => instance.tag === tag)?.index;
      expect(indices(placement)).toEqual([firstOf(placement.prefill.tag), firstOf(placement.decode.tag)]);
      expect(placement.prefill.index).toBe(0);
    });

    test("is deterministic: the same instances and requests get the same placements", () => {
      const placements = () => {
        let draws = 0;
        const scheduler = started(pools(), (count) => (7 * draws++) % count);
        return Array.from({ length: 20 }, (_, request) => indices(scheduler.place(request) as BoundPlacement));
      };
      expect(placements()).toEqual(placements());
    });

    test("binds the decode when the request arrives, and says so", () => {
      expect(started(pools()).decodeBinding).toBe("arrival");
    });
  },
);

test("no two schedulers share a name, and every one of SplitwiseSim's has ours and that", () => {
  const targets = schedulers.flatMap((definition) => definition.targets);
  expect(new Set(targets).size).toBe(targets.length);
  for (const definition of schedulers) {
    expect(definition.targets[0]).toMatch(/^schedulers\.[A-Z]/);
    if (definition.decidesGlobally === true) continue;
    expect(definition.targets[1]).toMatch(/^scheduler\.[A-Z].*Scheduler$/);
  }
});
