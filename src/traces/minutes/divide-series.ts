/** Which application the requests of a series go to. */
import { createHash } from "node:crypto";
import { ConfigError } from "../../errors.ts";
import { didYouMean } from "../../suggest.ts";
import type { ApplicationsParameters } from "../trace.schema.ts";
import type { MinuteSource } from "./minute-source.ts";

/** The first of the minutes that count, and the one after the last. */
export interface MinuteWindow {
  readonly first: number;
  readonly end: number;
}

export interface Division {
  /** Place of the application that gets the series' requests; undefined if nobody does. */
  placeOf(series: string): number | undefined;
  /** The applications by place, once all series were asked for. Errors: ConfigError for series that are not there. */
  applicationIds(): readonly number[];
}

/** Requests of one application, or of several among which each request chooses later. */
export const together: Division = { placeOf: () => 0, applicationIds: () => [0] };

const CANONICAL_ID = /^(?:0|[1-9]\d{0,8})$/;

/** An application for each series: the one of its name if all names are numbers, or 0, 1, ... in order of appearance. */
export function each(): Division {
  const places = new Map<string, number>();
  return {
    placeOf: (series) => placeIn(places, series),
    applicationIds: () => {
      const names = [...places.keys()];
      return names.every((name) => CANONICAL_ID.test(name)) ? names.map(Number) : names.map((_, place) => place);
    },
  };
}

/** Series go round all applications in order of appearance. */
export function roundRobin(count: number): Division {
  const places = new Map<string, number>();
  return { placeOf: (series) => placeIn(places, series) % count, applicationIds: () => upTo(count) };
}

/** By the SHA-256 of the name, so that a series' application does not depend on the others. */
export function hash(count: number): Division {
  const places = new Map<string, number>();
  return {
    placeOf: (series) => {
      let place = places.get(series);
      if (place === undefined) {
        place = createHash("sha256").update(series).digest().readUInt32BE(0) % count;
        places.set(series, place);
      }
      return place;
    },
    applicationIds: () => upTo(count),
  };
}

/** The busiest series become applications 0, 1, ..., the busiest first; of equal ones, the one that appears first. */
export function top(count: number, source: MinuteSource, { first, end }: MinuteWindow): Division {
  const totals = new Map<string, number>();
  source.scan((series, firstMinute, requests) => {
    let total = totals.get(series) ?? 0;
    const stop = Math.min(requests.length, end - firstMinute);
    for (let i = Math.max(0, first - firstMinute); i < stop; i++) total += requests[i];
    totals.set(series, total);
  });
  if (totals.size < count) {
    throw new ConfigError("invalid_value", `There are only ${totals.size} ${source.series}s, fewer than ${count}.`, {
      path: "trace.applications.count",
      hint: `Read from ${source.title}.`,
    });
  }
  const busiest = [...totals].sort(([, a], [, b]) => b - a).slice(0, count);
  const places = new Map(busiest.map(([series], place) => [series, place]));
  return { placeOf: (series) => places.get(series), applicationIds: () => upTo(count) };
}

/** By name; series that are not named are left out. */
export function mapped(mapping: NonNullable<ApplicationsParameters["mapping"]>, source: MinuteSource): Division {
  const ids = [...new Set(Object.values(mapping))].sort((a, b) => a - b);
  const places = new Map(Object.entries(mapping).map(([series, id]) => [series, ids.indexOf(id)]));
  const seen = new Set<string>();
  return {
    placeOf: (series) => {
      seen.add(series);
      return places.get(series);
    },
    applicationIds: () => {
      const missing = [...places.keys()].find((series) => !seen.has(series));
      if (missing === undefined) return ids;
      const near = seen.size <= LARGEST_SUGGESTIONS ? didYouMean(missing, [...seen]) : undefined;
      throw new ConfigError("invalid_value", `There is no ${source.series} '${missing}' in ${source.title}.`, {
        path: "trace.applications.mapping",
        hint: near ?? `It has ${[...seen].slice(0, 5).join(", ")}${seen.size > 5 ? ", ..." : ""}.`,
      });
    },
  };
}

const LARGEST_SUGGESTIONS = 1000;

function placeIn(places: Map<string, number>, series: string): number {
  let place = places.get(series);
  if (place === undefined) {
    place = places.size;
    places.set(series, place);
  }
  return place;
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, id) => id);
}
