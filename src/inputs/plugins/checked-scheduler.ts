/** Checks what a plugin's scheduler answers before the simulation relies on it. */
import { SweepError } from "../../errors.ts";
import type { Instance } from "../../sim/cluster/instance.ts";
import type { Placement, Scheduler, SchedulerDefinition } from "../../sim/scheduler/scheduler.ts";

const BINDINGS: readonly unknown[] = ["arrival", "prefill_end", "transfer_end"] satisfies Scheduler["decodeBinding"][];
const KNOWN = "an instance that addInstance was given";

/** The definition, with checks of every scheduler that it makes. The scheduler's errors: SweepError `SIMULATION`. */
export function checkedScheduler(path: string, definition: SchedulerDefinition): SchedulerDefinition {
  const fail = (what: string): never => {
    throw new SweepError("SIMULATION", `the plugin '${path}': ${definition.targets[0]} ${what}`);
  };
  return {
    ...definition,
    create(context, parameters) {
      const scheduler: unknown = definition.create(context, parameters);
      return isScheduler(scheduler, fail) ? withChecks(scheduler, fail) : fail("creates no scheduler.");
    },
  };
}

function isScheduler(scheduler: unknown, fail: (what: string) => never): scheduler is Scheduler {
  if (typeof scheduler !== "object" || scheduler === null) return false;
  const { addInstance, place, bindDecode, decodeBinding } = scheduler as Partial<Scheduler>;
  if (typeof addInstance !== "function") return fail("has no method addInstance.");
  if (typeof place !== "function") return fail("has no method place.");
  if (!BINDINGS.includes(decodeBinding)) {
    return fail(`has decodeBinding ${text(decodeBinding)}, expected ${BINDINGS.join(", ")}.`);
  }
  if (decodeBinding !== "arrival" && typeof bindDecode !== "function") {
    return fail(`has no method bindDecode, which decodeBinding ${text(decodeBinding)} asks for.`);
  }
  return true;
}

function withChecks(scheduler: Scheduler, fail: (what: string) => never): Scheduler {
  const known = new Set<unknown>();
  const addInstance = scheduler.addInstance.bind(scheduler);
  const place = scheduler.place.bind(scheduler);
  const bindDecode = scheduler.bindDecode?.bind(scheduler);
  const bindsAtArrival = scheduler.decodeBinding === "arrival";
  const check = ({ prefill, decode }: Placement): void => {
    if (!known.has(prefill)) fail(`placed a request with prefill ${text(prefill)}, expected ${KNOWN}.`);
    if (decode === undefined && !bindsAtArrival) return;
    if (!known.has(decode)) fail(`placed a request with decode ${text(decode)}, expected ${KNOWN}.`);
  };
  return Object.assign(scheduler, {
    addInstance(instance: Instance) {
      known.add(instance);
      addInstance(instance);
    },
    place(request: number) {
      const placement: unknown = place(request);
      if (placement === undefined) return undefined;
      if (typeof placement !== "object" || placement === null || !("prefill" in placement)) {
        return fail(`placed a request with ${text(placement)}, expected { prefill, decode } or undefined.`);
      }
      check(placement as Placement);
      return placement as Placement;
    },
    ...(bindDecode && {
      bindDecode(request: number) {
        const instance = bindDecode(request);
        return known.has(instance) ? instance : fail(`bound a decode to ${text(instance)}, expected ${KNOWN}.`);
      },
    }),
  });
}

function text(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Promise) return "a promise";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
