/**
 * As many requests as possible before their deadlines, as LLM-Serving-Simulator asks a solver for them: a mixed-integer
 * programme with an order of each pair. `moore_hodgson` finds the same number of requests in O(n log n).
 */
import { ConfigError } from "../../../errors.ts";
import type { MilpParameters } from "./local-order.schema.ts";
import type { LocalOrder, LocalOrderDefinition } from "./local-order.ts";
import { type Job, jobsOf, shortestOf } from "./moore-hodgson.ts";

/** Solves a programme in CPLEX's LP format within so many seconds; undefined if it finds no optimum. */
export type MilpSolver = (programme: string, timeLimitSeconds: number) => ReadonlyMap<string, number> | undefined;

/** The programme of the spec of LLM-Serving-Simulator: y on time, C completion, z_i_j job i after job j. */
export function onTimeProgramme(jobs: readonly Job[]): string {
  const total = jobs.reduce((sum, { seconds }) => sum + seconds, 0);
  const names = (name: string) => jobs.map((_, i) => `${name}${i}`);
  // A job that is done in time is never later than the deadlines that are ahead.
  const big = total + jobs.reduce((most, { deadline }) => Math.max(most, deadline), 0);
  const rows = jobs.flatMap(({ seconds, deadline }, i) => [
    `C${i} >= ${seconds}`,
    `C${i} + ${big} y${i} <= ${deadline + big}`,
  ]);
  const orders: string[] = [];
  for (let i = 0; i < jobs.length; i++) {
    for (let j = i + 1; j < jobs.length; j++) {
      const z = `z${i}_${j}`;
      orders.push(z);
      rows.push(`C${i} - C${j} - ${big} ${z} >= ${jobs[i].seconds - big}`);
      rows.push(`C${j} - C${i} + ${big} ${z} >= ${jobs[j].seconds}`);
    }
  }
  return [
    "Maximize",
    ` obj: ${names("y").join(" + ")}`,
    "Subject To",
    ...rows.map((row, i) => ` c${i}: ${row}`),
    "Binary",
    ` ${[...names("y"), ...orders].join(" ")}`,
    "End",
    "",
  ].join("\n");
}

export const milp: LocalOrderDefinition = {
  targets: ["local_policies.Milp"],
  create(context, given): LocalOrder {
    const parameters = given as MilpParameters;
    const { solver } = context;
    if (solver === undefined) {
      throw new ConfigError("no_solver", "The policy milp needs the optional package highs.", {
        path: "prefill_local",
        hint: "Install it (npm install highs), or choose moore_hodgson, which is exact and faster.",
      });
    }
    return {
      changesWithTime: true,
      next(waiting, nowSeconds) {
        const all = jobsOf(context, parameters, waiting, nowSeconds);
        const jobs =
          all.length <= parameters.max_requests
            ? all
            : [...all].sort((a, b) => a.deadline - b.deadline || a.index - b.index).slice(0, parameters.max_requests);
        if (jobs.length === 0) return shortestOf(context, waiting);
        const values = solver(onTimeProgramme(jobs), parameters.time_limit);
        if (values === undefined) return shortestOf(context, waiting);
        let first = 0;
        const completion = (i: number) => values.get(`C${i}`) ?? Number.POSITIVE_INFINITY;
        for (let i = 1; i < jobs.length; i++) if (completion(i) < completion(first)) first = i;
        return jobs[first].index;
      },
    };
  },
};
