/** Applications that requests draw, independently of all else. */
import { ConfigError } from "../errors.ts";
import { intervalOf } from "../sim/kernel/distributions/empirical.ts";
import { createRandomStream } from "../sim/kernel/random.ts";
import { checkKeys } from "./check-keys.ts";
import type { ApplicationsParameters } from "./trace.schema.ts";

type Key = Exclude<keyof ApplicationsParameters, "assign">;

interface DrawnAssignment {
  readonly needs: readonly Key[];
  /** Shares of applications 0, 1, ..., in any unit. */
  weights(parameters: Required<ApplicationsParameters>): readonly number[];
}

const DRAWN: Partial<Record<ApplicationsParameters["assign"], DrawnAssignment>> = {
  one: { needs: [], weights: () => [1] },
  uniform: { needs: ["count"], weights: ({ count }) => zipfWeights(count, 0) },
  zipf: { needs: ["count", "alpha"], weights: ({ count, alpha }) => zipfWeights(count, alpha) },
  weights: { needs: ["weights"], weights: ({ weights }) => weights },
};

/** Whether each request draws its application. */
export function isDrawnAssignment({ assign }: ApplicationsParameters): boolean {
  return DRAWN[assign] !== undefined;
}

/**
 * The application of each of `count` requests, one draw of the stream `trace.applications` each; undefined if all ask for
 * application 0. Errors: ConfigError for keys that are missing or have no effect, and for an assignment that nothing here can make.
 */
export function drawApplications(
  parameters: ApplicationsParameters,
  count: number,
  seed: number | string,
): Int32Array | undefined {
  const { assign, ...given } = parameters;
  const found = DRAWN[assign];
  if (found === undefined) {
    throw new ConfigError("invalid_value", `The requests have no names that ${assign} could assign.`, {
      path: "trace.applications.assign",
      hint: `Requests can draw their applications (${Object.keys(DRAWN).join(", ")}); the others assign columns or functions of trace=per_minute, and mapping also models of trace=burstgpt.`,
    });
  }
  checkKeys(`The assignment ${assign}`, "trace.applications", given, found.needs);
  const cumulative = [0];
  // What the assignment needs is there; the rest it does not read.
  for (const weight of found.weights(parameters as Required<ApplicationsParameters>)) {
    cumulative.push(cumulative[cumulative.length - 1] + weight);
  }
  const total = cumulative[cumulative.length - 1];
  if (!(total > 0)) {
    throw new ConfigError("invalid_value", "All weights are 0.", { path: "trace.applications.weights" });
  }
  if (cumulative.length === 2) return undefined;
  const random = createRandomStream(seed, "trace.applications");
  const applicationId = new Int32Array(count);
  for (let row = 0; row < count; row++) applicationId[row] = intervalOf(cumulative, random.uniform() * total);
  return applicationId;
}

function zipfWeights(count: number, alpha: number): number[] {
  return Array.from({ length: count }, (_, rank) => (rank + 1) ** -alpha);
}
