/** Run records for tests. */
import type { InstanceLog, InstanceRecord, RunRecord } from "../../src/sim/recorder.ts";
import { TokenGaps } from "../../src/sim/token-gaps.ts";

export interface TestRequest {
  readonly id?: number;
  readonly applicationId?: number;
  readonly arrival: number;
  readonly prefill?: readonly [start: number, end: number];
  readonly transfer?: readonly [start: number, end: number];
  readonly decode?: readonly [start: number, end: number];
  readonly completion?: number;
  readonly promptTokens?: number;
  readonly outputTokens?: number;
  readonly prefillInstance?: number;
  readonly decodeInstance?: number;
}

export interface TestRun {
  readonly requests: readonly TestRequest[];
  readonly instances?: readonly InstanceRecord[];
  readonly endSeconds?: number;
  readonly tbtDivisor?: RunRecord["tbtDivisor"];
  readonly instanceLogs?: readonly InstanceLog[];
}

/** A record in which the requests with a completion time were completed, in order of that time. */
export function runRecord({
  requests,
  instances,
  endSeconds = 10,
  tbtDivisor = "gaps",
  instanceLogs = [],
}: TestRun): RunRecord {
  const doubles = (pick: (request: TestRequest) => number | undefined) =>
    Float64Array.from(requests, (request) => pick(request) ?? Number.NaN);
  const integers = (pick: (request: TestRequest) => number | undefined, fallback: number) =>
    Int32Array.from(requests, (request) => pick(request) ?? fallback);
  const completionSeconds = doubles((r) => r.completion);
  return {
    trace: {
      count: requests.length,
      arrivalSeconds: doubles((r) => r.arrival),
      promptTokens: integers((r) => r.promptTokens, 100),
      outputTokens: integers((r) => r.outputTokens, 10),
      requestId: Float64Array.from(requests, (request, row) => request.id ?? row),
      requestType: integers(() => 2, 2),
      applicationId: integers((r) => r.applicationId, 0),
      batchSize: integers(() => 1, 1),
      source: "test",
    },
    outcomes: {
      prefillStartSeconds: doubles((r) => r.prefill?.[0]),
      prefillEndSeconds: doubles((r) => r.prefill?.[1]),
      transferStartSeconds: doubles((r) => r.transfer?.[0]),
      transferEndSeconds: doubles((r) => r.transfer?.[1]),
      decodeStartSeconds: doubles((r) => r.decode?.[0]),
      decodeEndSeconds: doubles((r) => r.decode?.[1]),
      completionSeconds,
      prefillInstance: integers((r) => r.prefillInstance, 0),
      decodeInstance: integers((r) => r.decodeInstance, 0),
    },
    completionOrder: Int32Array.from(
      [...completionSeconds.keys()]
        .filter((row) => !Number.isNaN(completionSeconds[row]))
        .sort((a, b) => completionSeconds[a] - completionSeconds[b]),
    ),
    instances: instances ?? [
      {
        id: 0,
        applicationId: 0,
        processorName: "h100-80gb",
        processors: 1,
        tag: null,
        memoryBytes: 64e9,
        busySeconds: 5,
      },
    ],
    endSeconds,
    unfinishedReasons: [],
    tbtDivisor,
    tokenGaps: new TokenGaps(),
    instanceLogs,
    counts: { events: 7, iterations: 3 },
  };
}
