/** The models of a run, with the requests of each. */
import type { Application } from "../workload/application.ts";
import type { Requests } from "../workload/requests.ts";
import { ServedModel } from "./served-model.ts";

/** A model as the configuration describes it. */
export interface ModelDescription {
  readonly name: string;
  readonly application: Application;
  readonly weightBytes: number;
  readonly layers: number;
  readonly isPinned: boolean;
  readonly path: string;
}

export function servedModels({ trace }: Requests, models: readonly ModelDescription[]): ServedModel[] {
  const rows = new Map(models.map(({ application }) => [application.id, [] as number[]]));
  for (let row = 0; row < trace.count; row++) rows.get(trace.applicationId[row])?.push(row);
  return models.map(({ name, application, weightBytes, layers, isPinned }, index) => {
    const own = Int32Array.from(rows.get(application.id) ?? []).sort(
      (a, b) => trace.arrivalSeconds[a] - trace.arrivalSeconds[b] || a - b,
    );
    let longestKvBytes = 0;
    let work = 0;
    for (const row of own) {
      const tokens = trace.promptTokens[row] + trace.outputTokens[row];
      longestKvBytes = Math.max(longestKvBytes, tokens * trace.batchSize[row] * application.kvBytesPerToken);
      work += tokens;
    }
    const parts = { index, name, application, weightBytes, layers, isPinned };
    return new ServedModel({ ...parts, longestKvBytes, requests: own, work });
  });
}
