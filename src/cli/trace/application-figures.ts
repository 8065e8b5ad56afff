/** Which applications (models) the requests of a trace ask for. */
import type { Trace } from "../../sim/workload/trace.ts";

export interface ApplicationFigures {
  readonly application_id: number;
  readonly requests: number;
  readonly share: number;
  readonly mean_prompt_tokens: number;
  readonly mean_output_tokens: number;
}

/** The busiest first; undefined if all requests ask for the same application. */
export function applicationFigures(trace: Trace): readonly ApplicationFigures[] | undefined {
  const sums = new Map<number, { requests: number; prompt: number; output: number }>();
  for (let row = 0; row < trace.count; row++) {
    const id = trace.applicationId[row];
    let sum = sums.get(id);
    if (sum === undefined) {
      sum = { requests: 0, prompt: 0, output: 0 };
      sums.set(id, sum);
    }
    sum.requests++;
    sum.prompt += trace.promptTokens[row];
    sum.output += trace.outputTokens[row];
  }
  if (sums.size < 2) return undefined;
  return [...sums]
    .sort(([a, { requests: ofA }], [b, { requests: ofB }]) => ofB - ofA || a - b)
    .map(([id, { requests, prompt, output }]) => ({
      application_id: id,
      requests,
      share: requests / trace.count,
      mean_prompt_tokens: prompt / requests,
      mean_output_tokens: output / requests,
    }));
}
