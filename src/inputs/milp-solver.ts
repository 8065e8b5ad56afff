/** The solver that the policy `milp` asks: HiGHS, an optional package. */
import { SweepError } from "../errors.ts";
import type { MilpSolver } from "../sim/policy/local/milp.ts";

/** What is used of the package. */
interface Highs {
  solve(
    programme: string,
    options: Readonly<Record<string, unknown>>,
  ): { readonly Status: string; readonly Columns: Readonly<Record<string, { readonly Primal?: number }>> };
}

/** Errors: SweepError if the package is not there. */
export async function loadMilpSolver(): Promise<MilpSolver> {
  let highs: Highs;
  try {
    // Its types describe a CommonJS module.
    const { default: load } = (await import("highs")) as unknown as { readonly default: () => Promise<Highs> };
    highs = await load();
  } catch (error) {
    throw new SweepError("USAGE", "The policy milp needs the optional package highs.", {
      hint: "Install it (npm install highs), or choose moore_hodgson, which is exact and faster.",
      cause: error,
    });
  }
  return (programme, timeLimitSeconds) => {
    const { Status: status, Columns: columns } = highs.solve(programme, {
      time_limit: timeLimitSeconds,
      output_flag: false,
    });
    if (status !== "Optimal") return undefined;
    return new Map(Object.entries(columns).map(([name, column]) => [name, column.Primal ?? 0]));
  };
}
