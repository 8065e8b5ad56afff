/** Rows of a figure of a timeline, and kinds of what they show. */
import {
  ACTIVITIES,
  type RunRecord,
  type SwapRecord,
  type SwapTimelineColumns,
  type TimelineColumns,
} from "../../sim/recorder.ts";
import { loadsOf } from "./swap-rows.ts";
import { transfersOf, type Window } from "./transfers.ts";

/** Models that have colours of their own: more are hard to tell apart. */
const MOST_MODELS = 6;

export interface Strip {
  readonly row: number;
  readonly kind: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export interface BarRows {
  readonly rows: readonly string[];
  /** With what legends call them: kinds of work, then those of strips. */
  readonly kinds: ReadonlyMap<string, string>;
  readonly work: readonly string[];
  readonly rowOf: (slice: number) => number;
  /** Index into `work`. */
  readonly kindOf: (slice: number) => number;
  /** What is shown below the work. */
  readonly strips: (window: Window) => Iterable<Strip>;
}

/** Tracks by kind of work; groups of processors by model, where models are swapped. */
export function barRows(record: RunRecord, columns: TimelineColumns): BarRows {
  const { swapping } = record;
  if (swapping !== undefined && columns.swaps !== undefined) return groupRows(record, columns, swapping, columns.swaps);
  const firstTrack = new Map(columns.tracks.map(({ instance }, track) => [instance, track] as const).reverse());
  return {
    rows: columns.tracks.map(({ name, tag }) => (tag === null ? name : `${name} (${tag})`)),
    kinds: new Map([
      ["prefill", "prefills"],
      ["mixed", "prefills and decodes"],
      ["decode", "decodes"],
      ["transfer", "KV caches that leave"],
    ]),
    work: ACTIVITIES,
    rowOf: (slice) => columns.track[slice],
    kindOf: (slice) => columns.activity[slice],
    strips: (window) =>
      transfersOf(record, window).rows.map(({ request, startSeconds, endSeconds }) => ({
        row: firstTrack.get(record.outcomes.prefillInstance[request]) ?? 0,
        kind: "transfer",
        startSeconds,
        endSeconds,
      })),
  };
}

function groupRows(
  { instances }: RunRecord,
  columns: TimelineColumns,
  swapping: SwapRecord,
  { groups }: SwapTimelineColumns,
): BarRows {
  const hasServers = new Set(groups.map(({ serverId }) => serverId)).size > 1;
  const names = new Map(swapping.models.map(({ applicationId, name }) => [applicationId, name]));
  const modelOf = (slice: number) => instances[columns.tracks[columns.track[slice]].instance].applicationId;
  const busySeconds = new Map<number, number>();
  for (let slice = 0; slice < columns.slices; slice++) {
    const seconds = columns.endSeconds[slice] - columns.startSeconds[slice];
    busySeconds.set(modelOf(slice), (busySeconds.get(modelOf(slice)) ?? 0) + seconds);
  }
  const busiest = [...busySeconds]
    .sort(([a, aSeconds], [b, bSeconds]) => bSeconds - aSeconds || a - b)
    .slice(0, MOST_MODELS)
    .map(([model]) => model);
  const kindOfModel = new Map(busiest.map((model, kind) => [model, kind]));
  const hasOthers = busySeconds.size > busiest.length;
  const work = [...busiest.map((model) => `model ${model}`), ...(hasOthers ? ["others"] : [])];
  return {
    rows: groups.map(({ name, serverId }) => (hasServers ? `server ${serverId} ${name}` : name)),
    kinds: new Map([
      ...busiest.map((model): [string, string] => [`model ${model}`, names.get(model) ?? ""]),
      ...(hasOthers ? [["others", "other models"] as const] : []),
      ["load", "weights on their way"],
    ]),
    work,
    rowOf: (slice) => columns.tracks[columns.track[slice]].group ?? 0,
    kindOf: (slice) => kindOfModel.get(modelOf(slice)) ?? busiest.length,
    strips: ({ fromSeconds, untilSeconds }) =>
      loadsOf(swapping)
        .filter(({ startSeconds, endSeconds }) => endSeconds > fromSeconds && startSeconds < untilSeconds)
        .map(({ group, startSeconds, endSeconds }) => ({ row: group, kind: "load", startSeconds, endSeconds })),
  };
}
