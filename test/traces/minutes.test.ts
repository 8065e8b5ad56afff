import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandomStream } from "../../src/sim/kernel/random.ts";
import type { Trace } from "../../src/sim/workload/trace.ts";
import { generateTrace } from "../../src/traces/generate-trace.ts";
import { minuteArrivals } from "../../src/traces/minutes/minute-arrivals.ts";
import type { ApplicationsParameters, ArrivalParameters, GeneratedParameters } from "../../src/traces/trace.schema.ts";
import { bytes } from "./bytes.ts";

const LENGTHS = {
  prompt: { distribution: "constant", tokens: 16 },
  output: { distribution: "constant", tokens: 4 },
} as const;

const HEADER = "HashOwner,HashApp,HashFunction,Trigger";

/** A day of three minutes of four functions in three apps. */
const DAY = `${HEADER},1,2,3
o,a1,f1,http,1,0,5
o,a1,f2,timer,2,2,2
o,a2,f1,http,10,0,30
p,a3,f3,queue,0,1,0
`;
const FILES: Readonly<Record<string, string>> = {
  "minutes.csv": "minute,chat,code\n0,3,0\n1,0,7\n2,2,1\n",
  "ids.csv": "7,300\n3,0\n0,7\n",
  "day.csv": DAY,
  "next.csv": `${HEADER},1,2\no,a2,f1,http,4,0\n`,
};

type Changes = Partial<Omit<GeneratedParameters, "arrivals">> & { readonly arrivals?: Partial<ArrivalParameters> };

function generate({ arrivals, ...changes }: Changes, seed = 0, files = FILES): Trace {
  return generateTrace(
    {
      _target_: "traces.Generated",
      arrivals: { process: "per_minute", variant: "exact_count", ...arrivals },
      lengths: LENGTHS,
      ...changes,
    },
    seed,
    (path) => ({ path, bytes: bytes(files[path] ?? "") }),
  );
}

/** Requests by application, then by minute. */
function countsOf({ arrivalSeconds, applicationId, count }: Trace): Record<number, number[]> {
  const counts: Record<number, number[]> = {};
  const minutes = Math.floor(arrivalSeconds[count - 1] / 60) + 1;
  for (let row = 0; row < count; row++) {
    counts[applicationId[row]] ??= new Array(minutes).fill(0);
    counts[applicationId[row]][Math.floor(arrivalSeconds[row] / 60)]++;
  }
  return counts;
}

function drawsOf(seed: number) {
  const random = createRandomStream(seed, "draws");
  return { exponential: () => -Math.log(1 - random.uniform()), uniform: () => random.uniform() };
}

const VARIANTS = ["carry", "restart", "exact_count"] as const;
const functions: Partial<ArrivalParameters> = { format: "azure_functions", tables: ["day.csv"] };
const each: ApplicationsParameters = { assign: "each" };

describe("arrivals by the minute", () => {
  it.each(VARIANTS)("of %s ascend and have each minute's mean number", (variant) => {
    const minutes = Float64Array.of(2.5, 0, 40, 0.2);
    const runs = 4000;
    const counts = [0, 0, 0, 0];
    for (let seed = 0; seed < runs; seed++) {
      const seconds = minuteArrivals[variant](minutes, drawsOf(seed));
      expect(seconds.every((at, row) => at >= (seconds[row - 1] ?? 0))).toBe(true);
      for (const at of seconds) counts[Math.floor(at / 60)]++;
    }
    // 4.5 standard errors of a mean of Poisson counts, the most variable of the three.
    minutes.forEach((mean, minute) => {
      expect(Math.abs(counts[minute] / runs - mean)).toBeLessThanOrEqual(4.5 * Math.sqrt(mean / runs));
    });
  });

  it("of exact_count are as many as each minute says, if that is an integer", () => {
    const minutes = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(minutes, fc.integer(), (counts, seed) => {
        const found: number[] = counts.map(() => 0);
        for (const at of minuteArrivals.exact_count(Float64Array.from(counts), drawsOf(seed)))
          found[Math.floor(at / 60)]++;
        expect(found).toEqual(counts);
      }),
    );
  });

  it("of exact_count are within one of the mean of any minutes in a row, if that is a fraction", () => {
    const minutes = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(minutes, fc.integer(), (means, seed) => {
        const seconds = minuteArrivals.exact_count(Float64Array.from(means), drawsOf(seed));
        let expected = 0;
        means.forEach((mean, minute) => {
          expected += mean;
          const found = seconds.filter((at) => at < 60 * (minute + 1)).length;
          expect(Math.abs(found - expected)).toBeLessThan(1 + 1e-9);
        });
      }),
    );
  });
});

describe("a table with a column per model", () => {
  it("gives each column an application of its own, in order or by its number", () => {
    expect(countsOf(generate({ arrivals: { table: "minutes.csv" }, applications: each }))).toEqual({
      0: [3, 0, 2],
      1: [0, 7, 1],
    });
    expect(countsOf(generate({ arrivals: { table: "ids.csv" }, applications: each }))).toEqual({
      7: [3, 0],
      300: [0, 7],
    });
  });

  it("leaves an application's arrivals as they are when others come or go", () => {
    const only = (mapping: Record<string, number>) => {
      const trace = generate({
        arrivals: { table: "minutes.csv", variant: "carry" },
        rate_scale: 20,
        applications: { assign: "mapping", mapping },
      });
      return trace.arrivalSeconds.filter((_, row) => trace.applicationId[row] === 1);
    };
    expect(only({ chat: 1, code: 2 }).length).toBeGreaterThan(50);
    expect(only({ chat: 1, code: 2 })).toEqual(only({ chat: 1, code: 9 }));
  });

  it("has its numbers as rates, a window of minutes, and a number of requests to scale to", () => {
    const arrivals = { table: "minutes.csv" };
    const perSecond = generate({ arrivals: { ...arrivals, unit: "per_second" }, applications: each });
    expect(countsOf(perSecond)).toEqual({ 0: [180, 0, 120], 1: [0, 420, 60] });
    const window = generate({ arrivals: { ...arrivals, from_minute: 1, minutes: 1 }, applications: each });
    expect(countsOf(window)).toEqual({ 1: [7] });
    expect(countsOf(generate({ arrivals, applications: each, requests: 130 }))).toEqual({
      0: [30, 0, 20],
      1: [0, 70, 10],
    });
    expect(countsOf(generate({ arrivals, applications: each, rate_scale: 3 }))).toEqual({
      0: [9, 0, 6],
      1: [0, 21, 3],
    });
  });
});

describe("Azure Functions", () => {
  const assigned = (applications: ApplicationsParameters, arrivals: Partial<ArrivalParameters> = {}) =>
    countsOf(generate({ arrivals: { ...functions, ...arrivals }, applications }));

  it("are models, the busiest first", () => {
    expect(assigned({ assign: "top", count: 2 })).toEqual({ 0: [10, 0, 30], 1: [1, 0, 5] });
    expect(assigned({ assign: "top", count: 1 }, { minutes: 2, from_minute: 1 })).toEqual({ 0: [0, 30] });
  });

  it("are spread over models in turn, or by name", () => {
    expect(assigned({ assign: "round_robin", count: 2 })).toEqual({ 0: [11, 0, 35], 1: [2, 3, 2] });
    const total = Object.values(assigned({ assign: "hash", count: 3 }))
      .flat()
      .reduce((sum, count) => sum + count);
    expect(total).toBe(53);
  });

  it("are models by a mapping, which leaves out what it does not name", () => {
    expect(assigned({ assign: "mapping", mapping: { "a2/f1": 5 } })).toEqual({ 5: [10, 0, 30] });
    expect(assigned({ assign: "mapping", mapping: { a1: 0, a3: 1 } }, { group_by: "app" })).toEqual({
      0: [3, 2, 7],
      1: [0, 1, 0],
    });
  });

  it("follow each other in the files of several days", () => {
    const tables = ["day.csv", "next.csv"];
    expect(assigned({ assign: "top", count: 1 }, { tables })).toEqual({ 0: [10, 0, 30, 4] });
    expect(assigned({ assign: "top", count: 1 }, { tables, from_minute: 2, minutes: 2 })).toEqual({ 0: [30, 4] });
  });

  it("give their sum to requests that draw their applications", () => {
    const counts = assigned({ assign: "uniform", count: 2 });
    expect(counts[0].map((count, minute) => count + counts[1][minute])).toEqual([13, 3, 37]);
  });
});

describe("minutes that cannot be are refused", () => {
  const table = (text: string) => ({ ...FILES, "bad.csv": text });
  const bad: Changes = { arrivals: { table: "bad.csv" }, applications: each };
  const badDay: Changes = {
    arrivals: { ...functions, tables: ["bad.csv"] },
    applications: { assign: "top", count: 1 },
  };
  it.each<[string, Changes, string, string]>([
    [
      "a negative number",
      bad,
      "minute,chat\n0,1\n1,-3\n",
      "chat is '-3', expected requests per minute, a number from 0",
    ],
    ["no number", bad, "chat,code\n1,x\n", "code is 'x'"],
    ["a negative function", badDay, `${HEADER},1,2\no,a,f,http,1,-2\n`, "column 6 (minute 2) is '-2'"],
    [
      "too many minutes",
      badDay,
      `${HEADER},${Array.from({ length: 1441 }, (_, i) => i + 1)}\n`,
      "1441 columns of minutes",
    ],
    ["another header", badDay, "HashOwner,HashApp,1,2\n", "Column 3 is '1', expected HashFunction"],
    ["a short row", badDay, `${HEADER},1,2\no,a,f,http,1\n`, "more or fewer cells than 6"],
    ["a window beyond the end", { ...bad, arrivals: { table: "bad.csv", from_minute: 2 } }, "a\n1\n1\n", "no minute 2"],
    [
      "an unknown column",
      { ...bad, applications: { assign: "mapping", mapping: { cat: 0 } } },
      "chat\n1\n",
      "no column 'cat'",
    ],
    ["too few functions", { ...badDay, applications: { assign: "top", count: 9 } }, DAY, "only 4 functions"],
    ["no count", { ...badDay, applications: { assign: "hash" } }, DAY, "The assignment hash needs count."],
    [
      "nothing to assign",
      { ...bad, applications: { assign: "each", count: 3 } },
      "a\n1\n",
      "The assignment each has no count.",
    ],
    ["two scales", { ...bad, rate: 1, requests: 5 }, "a\n1\n", "rate and requests both scale"],
    ["only zeros", bad, "a\n0\n", "No minute has any requests"],
  ])("%s", (_, changes, text, message) => {
    expect(() => generate(changes, 0, table(text))).toThrow(message);
  });
});
