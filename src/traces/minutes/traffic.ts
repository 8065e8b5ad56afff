/** The mean requests of each application in each minute, as a configuration asks for them. */
import { ConfigError } from "../../errors.ts";
import { rateOf } from "../arrivals/arrival-rate.ts";
import { LARGEST_COUNT } from "../arrivals/generate-arrivals.ts";
import { checkKeys } from "../check-keys.ts";
import type { OpenFile } from "../open-file.ts";
import type { GeneratedParameters } from "../trace.schema.ts";
import { azureFunctions } from "./azure-functions.ts";
import type { Division, MinuteWindow } from "./divide-series.ts";
import { dividesSeries, divisionOf } from "./division-of.ts";
import { sum } from "./minute-arrivals.ts";
import { listSource, type MinuteSource } from "./minute-source.ts";
import { minuteTable } from "./minute-table.ts";

/** Applications times minutes: bounds the memory that a configuration can ask for to 400 MB. */
const LARGEST_CELLS = 50_000_000;

export interface Traffic {
  readonly applicationIds: readonly number[];
  /** Mean requests of each minute, by application. */
  readonly requests: readonly Float64Array[];
  /** Of all applications and minutes. */
  readonly expected: number;
}

/** Errors: ConfigError for keys that are missing, contradict each other or leave nothing; TraceError for a malformed file. */
export function trafficOf(parameters: GeneratedParameters, openFile: OpenFile): Traffic {
  const { source, window } = minutesOf(parameters, openFile);
  const { applicationIds, requests } = divided(source, window, divisionOf(parameters.applications, source, window));
  const total = requests.reduce((subtotal, minutes) => subtotal + sum(minutes), 0);
  if (total === 0) {
    const where = window.end - window.first === source.minutes ? "" : ` from ${window.first} to ${window.end - 1}`;
    throw new ConfigError("empty_trace", `No minute${where} has any requests.`, {
      path: "trace.arrivals",
      hint:
        parameters.applications?.assign === "mapping"
          ? "Only what trace.applications.mapping names counts."
          : undefined,
    });
  }
  const scale = scaleOf(parameters, total, window.end - window.first);
  const expected = total * scale;
  if (expected > LARGEST_COUNT) {
    throw new ConfigError(
      "trace_length",
      `The minutes have about ${Math.ceil(expected)} requests; at most ${LARGEST_COUNT}.`,
      {
        path: "trace.arrivals",
        hint: "Scale them by trace.requests, trace.rate or trace.rate_scale, or take fewer by trace.arrivals.minutes.",
      },
    );
  }
  if (scale !== 1) for (const minutes of requests) for (let i = 0; i < minutes.length; i++) minutes[i] *= scale;
  return { applicationIds, requests, expected };
}

/** What can be said without reading through files that take seconds. Errors: as `trafficOf`. */
export function checkTraffic(parameters: GeneratedParameters, openFile: OpenFile): void {
  if (parameters.arrivals.format === "azure_functions") minutesOf(parameters, openFile);
  else trafficOf(parameters, openFile);
}

function minutesOf(parameters: GeneratedParameters, openFile: OpenFile) {
  const { process, ...given } = parameters.arrivals;
  checkKeys(`The arrival process ${process}`, "trace.arrivals", given, [], KEYS);
  const source = sourceOf(parameters, openFile);
  const first = given.from_minute ?? 0;
  const end = Math.min(source.minutes, first + (given.minutes ?? source.minutes));
  if (first >= end) {
    throw new ConfigError("invalid_value", `There is no minute ${first}: ${source.title} has ${source.minutes}.`, {
      path: "trace.arrivals.from_minute",
      hint: `Minutes count from 0: the last is ${source.minutes - 1}.`,
    });
  }
  return { source, window: { first, end } };
}

const KEYS = [
  "requests_per_minute",
  "table",
  "column",
  "tables",
  "format",
  "group_by",
  "unit",
  "variant",
  "from_minute",
  "minutes",
] as const;

function sourceOf({ arrivals, applications }: GeneratedParameters, openFile: OpenFile): MinuteSource {
  const { requests_per_minute: list, table, tables, column, format = "rows", group_by: grouping } = arrivals;
  const isOneOf = [list, table, tables].filter((given) => given != null).length === 1;
  if (format === "azure_functions" && isOneOf && list == null && column == null) {
    return azureFunctions(openFile, tables ?? [table as string], grouping ?? "function");
  }
  if (format === "rows" && isOneOf && tables == null && grouping === undefined) {
    if (list != null && column == null) return listSource(list);
    if (table != null && (column != null || dividesSeries(applications))) {
      return minuteTable(openFile, table, column ?? undefined);
    }
  }
  throw new ConfigError("arrivals", "The arrival process per_minute needs requests per minute.", {
    path: "trace.arrivals",
    hint:
      "Either requests_per_minute=[N,N,...], or table=FILE and column=NAME, or table=FILE with trace.applications " +
      "that assign its columns, or format=azure_functions with table=FILE or tables=[FILE,...].",
  });
}

function divided(source: MinuteSource, { first, end }: MinuteWindow, division: Division) {
  const requests: Float64Array[] = [];
  const minutes = end - first;
  source.scan((series, firstMinute, values) => {
    const place = division.placeOf(series);
    if (place === undefined) return;
    while (requests.length <= place) {
      if ((requests.length + 1) * minutes > LARGEST_CELLS) throw tooManyCells(minutes);
      requests.push(new Float64Array(minutes));
    }
    const ofApplication = requests[place];
    const stop = Math.min(values.length, end - firstMinute);
    for (let i = Math.max(0, first - firstMinute); i < stop; i++) ofApplication[firstMinute + i - first] += values[i];
  });
  const applicationIds = division.applicationIds();
  while (requests.length < applicationIds.length) requests.push(new Float64Array(minutes));
  return { applicationIds, requests };
}

function tooManyCells(minutes: number): ConfigError {
  const most = Math.floor(LARGEST_CELLS / minutes);
  return new ConfigError("trace_length", `More than ${most} applications for ${minutes} minutes are too many.`, {
    path: "trace.applications.assign",
    hint: "Take trace.applications.assign=top with a count, or fewer minutes.",
  });
}

/** What the numbers of the source are to be multiplied with. */
function scaleOf(parameters: GeneratedParameters, total: number, minutes: number): number {
  const rate = rateOf(parameters);
  const { requests, rate_scale: rateScale, arrivals } = parameters;
  const given = { rate, requests, rate_scale: rateScale };
  const [first, second] = Object.entries(given).flatMap(([key, value]) => (value == null ? [] : [key]));
  if (second !== undefined) {
    throw new ConfigError("exclusive_keys", `${first} and ${second} both scale the minutes.`, {
      path: `trace.${second}`,
      hint: "Set one of them to null.",
    });
  }
  if (rate !== undefined) return (rate * 60 * minutes) / total;
  if (requests != null) return requests / total;
  return (rateScale ?? 1) * (arrivals.unit === "per_second" ? 60 : 1);
}
