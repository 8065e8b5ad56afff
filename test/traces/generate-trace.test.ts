import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.ts";
import { poisson } from "../../src/sim/kernel/distributions/poisson.ts";
import { createRandomStream } from "../../src/sim/kernel/random.ts";
import type { Trace } from "../../src/sim/workload/trace.ts";
import { arrivalProcesses } from "../../src/traces/arrivals/index.ts";
import { generateTrace } from "../../src/traces/generate-trace.ts";
import { lengthSamplers } from "../../src/traces/lengths/index.ts";
import type { ArrivalParameters, GeneratedParameters, LengthParameters } from "../../src/traces/trace.schema.ts";
import { bytes, columnsOf } from "./bytes.ts";

/** Quantiles of lengths from 100 to 300, and a column of three lengths. */
const TABLE = "probability,note,tokens\n0,x,100\n0.5,y,200\n1,z,300\n";

function openTable(path: string) {
  return { path, bytes: bytes(TABLE) };
}

const SIXTEEN = { distribution: "constant", tokens: 16 } as const;

function generate(parameters: Partial<GeneratedParameters>, seed: number | string = 0): Trace {
  return generateTrace(
    {
      _target_: "traces.Generated",
      rate: 10,
      arrivals: { process: "poisson" },
      lengths: { prompt: SIXTEEN, output: SIXTEEN },
      ...parameters,
    },
    seed,
    openTable,
  );
}

function prompts(prompt: LengthParameters, count = 50_000): Int32Array {
  return generate({ requests: count, lengths: { prompt, output: SIXTEEN } }).promptTokens;
}

function meanOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

function deviationOf(values: ArrayLike<number>): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(Array.from(values, (value) => (value - mean) ** 2)));
}

function gapsOf({ arrivalSeconds }: Trace): Float64Array {
  return arrivalSeconds.map((arrival, row) => arrival - (arrivalSeconds[row - 1] ?? 0));
}

function errorOf(parameters: Partial<GeneratedParameters>): ConfigError {
  try {
    generate(parameters);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const PARAMETERS: Record<LengthParameters["distribution"], LengthParameters> = {
  constant: { distribution: "constant", tokens: 128 },
  uniform: { distribution: "uniform", min: 5, max: 15 },
  normal: { distribution: "normal", mean: 500, std: 100 },
  lognormal: { distribution: "lognormal", mean: 1000, std: 2000 },
  exponential: { distribution: "exponential", mean: 700 },
  zipf: { distribution: "zipf", exponent: 1.2, min: 10, max: 1000 },
  truncated_normal: { distribution: "truncated_normal", mean: 500, std: 100 },
  poisson: { distribution: "poisson", mean: 120 },
  quantiles: { distribution: "quantiles", table: "table.csv", column: "tokens" },
  empirical: { distribution: "empirical", table: "table.csv", column: "tokens" },
};

describe("every arrival process of a steady rate", () => {
  const all = arrivalProcesses.map(({ process, needs }): [string, ArrivalParameters] => [
    process,
    needs.length === 0 ? { process } : { process, cv: 2 },
  ]);

  it.each(all)("%s reaches its mean rate, in ascending order", (_, arrivals) => {
    const trace = generate({ arrivals, requests: 100_000, rate: 8 });
    const gaps = gapsOf(trace);
    expect(gaps.every((gap) => gap >= 0)).toBe(true);
    // 4.5 standard errors of the mean gap, whose coefficient of variation is at most 2.
    expect(Math.abs(meanOf(gaps) * 8 - 1)).toBeLessThan((4.5 * 2) / Math.sqrt(100_000));
  });

  it.each(all)("%s only stretches the same arrivals when the rate changes", (_, arrivals) => {
    const slow = generate({ arrivals, requests: 500, rate: 1 });
    const fast = generate({ arrivals, requests: 500, rate: 8 });
    expect(Array.from(fast.arrivalSeconds)).toEqual(Array.from(slow.arrivalSeconds, (arrival) => arrival / 8));
  });

  it.each(all)("%s gives the same first requests whether their number or the end is set", (_, arrivals) => {
    const counted = generate({ arrivals, requests: 400 });
    const end = counted.arrivalSeconds[200];
    const timed = generate({ arrivals, end_time: end });
    const both = generate({ arrivals, end_time: end, requests: 50 });
    expect(Array.from(timed.arrivalSeconds)).toEqual(
      Array.from(counted.arrivalSeconds.filter((arrival) => arrival < end)),
    );
    expect(columnsOf(both)).toEqual(columnsOf(generate({ arrivals, requests: 50 })));
    expect(generate({ arrivals, end_time: end, requests: 1000 }).count).toBe(timed.count);
  });
});

describe("arrivals", () => {
  it("of a Poisson process have exponential gaps (coefficient of variation 1)", () => {
    const gaps = gapsOf(generate({ requests: 100_000 }));
    expect(deviationOf(gaps) / meanOf(gaps)).toBeCloseTo(1, 1);
    const longer = gaps.filter((gap) => gap > 0.1).length / gaps.length;
    // P(gap > mean) = 1 / e, to 4.5 standard errors.
    expect(Math.abs(longer - 1 / Math.E)).toBeLessThan(4.5 * 0.0016);
  });

  it.each([0.5, 1, 3])("of gamma gaps have the coefficient of variation %d", (cv) => {
    const gaps = gapsOf(generate({ arrivals: { process: "gamma", cv }, requests: 200_000 }));
    expect(Math.abs(deviationOf(gaps) / meanOf(gaps) / cv - 1)).toBeLessThan(0.03);
  });

  it("before end_time are all there, however many more than the mean they are", () => {
    const bursty = { arrivals: { process: "gamma", cv: 30 } } as const;
    const counts = Array.from({ length: 20 }, (_, seed) => generate({ ...bursty, end_time: 20 }, seed).count);
    const counted = counts.map((count, seed) => generate({ ...bursty, requests: count + 1 }, seed).arrivalSeconds);
    // 10 requests/s for 20 s give 200 on average.
    expect(Math.max(...counts)).toBeGreaterThan(600);
    counted.forEach((arrivals) => {
      expect(arrivals.findIndex((arrival) => arrival >= 20)).toBe(arrivals.length - 1);
    });
  });

  it("of a constant process are exact multiples of the gap, the last one before end_time", () => {
    const trace = generate({ arrivals: { process: "constant" }, rate: 10, end_time: 10 });
    expect(Array.from(trace.arrivalSeconds)).toEqual(Array.from({ length: 99 }, (_, row) => (row + 1) / 10));
  });

  it("of a uniform process have gaps between 0 and twice the mean", () => {
    const gaps = gapsOf(generate({ arrivals: { process: "uniform" }, requests: 50_000 }));
    expect(Math.max(...gaps)).toBeLessThan(0.2 + 1e-9);
    expect(deviationOf(gaps) * 10).toBeCloseTo(1 / Math.sqrt(3), 2);
  });
});

describe("arrivals by the minute", () => {
  const minutes = [600, 0, 60, 1200];
  const arrivals = { process: "per_minute", requests_per_minute: minutes } as const;
  const countsOf = ({ arrivalSeconds }: Trace) =>
    minutes.map((_, minute) => arrivalSeconds.filter((at) => Math.floor(at / 60) === minute).length);

  it("have each minute's mean number of requests, and end with the last minute", () => {
    const counts = Array.from({ length: 40 }, (_, seed) => countsOf(generate({ arrivals, rate: null }, seed)));
    minutes.forEach((expected, minute) => {
      const mean = meanOf(counts.map((ofSeed) => ofSeed[minute]));
      // 4.5 standard errors of the mean of 40 Poisson counts.
      expect(Math.abs(mean - expected)).toBeLessThanOrEqual(4.5 * Math.sqrt(expected / 40));
    });
    expect(generate({ arrivals, rate: null, requests: 100_000 }).arrivalSeconds.at(-1)).toBeLessThan(240);
  });

  it("are a Poisson process within a minute: the counts' variance is their mean", () => {
    const counts = Array.from({ length: 400 }, (_, seed) => countsOf(generate({ arrivals, rate: null }, seed))[2]);
    // The standard error of the ratio is sqrt(2 / 400) = 0.07.
    expect(Math.abs(deviationOf(counts) ** 2 / meanOf(counts) - 1)).toBeLessThan(4.5 * 0.071);
  });

  it("are scaled to a rate, the minutes' proportions kept", () => {
    const trace = generate({ arrivals, rate: 31 });
    expect(Math.abs(trace.count - 31 * 240)).toBeLessThan(4.5 * Math.sqrt(31 * 240));
    expect(countsOf(trace)[1]).toBe(0);
  });

  it("may come from a column of a file", () => {
    const table = { process: "per_minute", table: "t.csv", column: "load" } as const;
    const parameters = { _target_: "traces.Generated", lengths: { prompt: SIXTEEN, output: SIXTEEN } } as const;
    const openFile = (path: string) => ({ path, bytes: bytes("minute,load\n0,600\n1,0\n2,60\n3,1200\n") });
    const read = generateTrace({ ...parameters, arrivals: table }, 0, openFile);
    expect(columnsOf(read)).toEqual(columnsOf(generate({ arrivals, rate: null })));
  });
});

describe("a utilisation", () => {
  it("stands for the rate at which so many servers are busy for that share of the time", () => {
    // 2 servers of 5 s per request complete 0.4 requests/s at most: half of that is 0.2.
    const load = { rate: null, utilisation: 0.5, servers: 2, request_seconds: 5, requests: 100 };
    expect(columnsOf(generate(load))).toEqual(columnsOf(generate({ rate: 0.2, requests: 100 })));
  });
});

describe("every length distribution", () => {
  it.each(lengthSamplers.map(({ distribution }) => [distribution]))(
    "%s gives integers within its bounds",
    (distribution) => {
      const { min = 1, max = 2 ** 31 - 1 } = PARAMETERS[distribution];
      const lengths = prompts(PARAMETERS[distribution], 5000);
      expect(lengths.every((length) => Number.isInteger(length) && length >= min && length <= max)).toBe(true);
    },
  );

  it.each(lengthSamplers.filter(({ allows }) => allows.includes("max")).map(({ distribution }) => [distribution]))(
    "%s keeps to the bounds that it is given",
    (distribution) => {
      const lengths = prompts({ ...PARAMETERS[distribution], min: 400, max: 600 }, 5000);
      expect([Math.min(...lengths) >= 400, Math.max(...lengths) <= 600]).toEqual([true, true]);
    },
  );

  // Standard deviations: (b - a + 1)^2 - 1 = 12 variance; given; given; mean (geometric rounding aside).
  it.each([
    [PARAMETERS.constant, 128, 0],
    [PARAMETERS.uniform, 10, Math.sqrt(10)],
    [PARAMETERS.normal, 500, 100],
    [PARAMETERS.lognormal, 1000, 2000],
    [PARAMETERS.exponential, 700, 700],
    [PARAMETERS.truncated_normal, 500, 100],
    [PARAMETERS.poisson, 120, Math.sqrt(120)],
    [{ distribution: "poisson", mean: 1.5, min: 1 } as LengthParameters, 1.5 + Math.exp(-1.5), 1.2],
  ])("%j has mean %d", (parameters, mean, deviation) => {
    const lengths = prompts(parameters);
    expect(Math.abs(meanOf(lengths) - mean)).toBeLessThanOrEqual((4.5 * deviation) / Math.sqrt(lengths.length));
  });

  it("zipf makes the shortest length the most likely", () => {
    const lengths = prompts(PARAMETERS.zipf);
    const share = (length: number) => lengths.filter((value) => value === length).length;
    expect(share(10) / share(11)).toBeCloseTo(2 ** 1.2, 1);
  });
});

describe("normal lengths", () => {
  const shape = { mean: 500, std: 100, min: 450, max: 550 };
  // P(Z < -0.495) = 0.310: what rounds to 450 or less.
  it("pile up at the bounds when clipped", () => {
    const lengths = prompts({ distribution: "normal", ...shape }, 20_000);
    const share = lengths.filter((length) => length === 450).length / lengths.length;
    expect(Math.abs(share - 0.31)).toBeLessThan(4.5 * Math.sqrt((0.31 * 0.69) / 20_000) + 0.001);
  });

  it("do not when truncated", () => {
    const lengths = prompts({ distribution: "truncated_normal", ...shape }, 20_000);
    expect(lengths.filter((length) => length === 450).length / lengths.length).toBeLessThan(0.015);
  });
});

describe("Poisson lengths", () => {
  it.each([1, 7.3, 5000])("of mean %d have that variance and the likeliest value at the mean", (mean) => {
    const draw = poisson(mean);
    const random = createRandomStream(0, "poisson");
    const values = Array.from({ length: 50_000 }, () => draw(random));
    expect(Math.abs(meanOf(values) - mean)).toBeLessThan(4.5 * Math.sqrt(mean / values.length));
    expect(Math.abs(deviationOf(values) ** 2 / mean - 1)).toBeLessThan(0.05);
  });

  it("have Poisson's probabilities", () => {
    const draw = poisson(2);
    const random = createRandomStream(1, "poisson");
    const values = Array.from({ length: 50_000 }, () => draw(random));
    [0, 1, 2, 3, 4].forEach((count) => {
      const expected = (Math.exp(-2) * 2 ** count) / [1, 1, 2, 6, 24][count];
      const share = values.filter((value) => value === count).length / values.length;
      expect(Math.abs(share - expected)).toBeLessThan(4.5 * Math.sqrt(expected / values.length));
    });
  });
});

describe("a length from a file", () => {
  it("is one of the column's values, all equally likely, if it is empirical", () => {
    const lengths = prompts(PARAMETERS.empirical, 30_000);
    for (const value of [100, 200, 300]) {
      const share = lengths.filter((length) => length === value).length / lengths.length;
      expect(Math.abs(share - 1 / 3)).toBeLessThan(4.5 * Math.sqrt(2 / 9 / 30_000));
    }
  });

  it("has the table's quantiles, and values between them, if it is drawn from quantiles", () => {
    const lengths = prompts(PARAMETERS.quantiles, 30_000);
    const share = lengths.filter((length) => length <= 200).length / lengths.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(4.5 * Math.sqrt(0.25 / 30_000) + 0.005);
    expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([100, 300]);
    expect(new Set(lengths).size).toBeGreaterThan(190);
  });

  it.each([
    ["quantiles", "tokens", "probability,tokens\n0,1\n0.5,2\n", "must ascend from 0 to 1"],
    ["quantiles", "tokens", "probability,tokens\n0,5\n1,4\n", "The column tokens falls at row 2."],
    ["quantiles", "tokens", "tokens\n5\n", "has no column 'probability'"],
    ["empirical", "tokens", "token\n5\n", "The table has no column 'tokens'."],
    ["empirical", "tokens", "tokens,other\n5,1\n0,1\n", "tokens is '0', expected an integer from 1"],
    ["empirical", "tokens", "tokens\n", "a header and no rows"],
  ] as const)("of %s from column %s of %j is refused", (distribution, column, text, message) => {
    const prompt = { distribution, table: "t.csv", column };
    const openFile = (path: string) => ({ path, bytes: bytes(text) });
    const parameters = {
      _target_: "traces.Generated",
      rate: 1,
      requests: 1,
      arrivals: { process: "poisson" },
      lengths: { prompt, output: SIXTEEN },
    } as const;
    expect(() => generateTrace(parameters, 0, openFile)).toThrow(message);
  });
});

describe("streams", () => {
  const lognormal: LengthParameters = { distribution: "lognormal", mean: 100, std: 100 };

  it("keep arrivals when lengths change, and lengths when arrivals or the other length change", () => {
    const base = generate({ requests: 300, lengths: { prompt: lognormal, output: lognormal } });
    const otherLengths = generate({ requests: 300, lengths: { prompt: PARAMETERS.zipf, output: lognormal } });
    const otherArrivals = generate({
      requests: 300,
      arrivals: { process: "gamma", cv: 3 },
      lengths: { prompt: lognormal, output: lognormal },
    });
    expect(otherLengths.arrivalSeconds).toEqual(base.arrivalSeconds);
    expect(otherLengths.outputTokens).toEqual(base.outputTokens);
    expect(otherLengths.promptTokens).not.toEqual(base.promptTokens);
    expect(otherArrivals.promptTokens).toEqual(base.promptTokens);
    expect(otherArrivals.arrivalSeconds).not.toEqual(base.arrivalSeconds);
    expect(base.promptTokens).not.toEqual(base.outputTokens);
  });

  it("give the same trace for the same seed, and another for another", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (a, b) => {
        fc.pre(a !== b);
        expect(columnsOf(generate({ requests: 20 }, a))).toEqual(columnsOf(generate({ requests: 20 }, String(a))));
        expect(columnsOf(generate({ requests: 20 }, a))).not.toEqual(columnsOf(generate({ requests: 20 }, b)));
      }),
    );
  });
});

describe("parameters that cannot be met are refused", () => {
  const output = SIXTEEN;
  it.each<[string, Partial<GeneratedParameters>, string, string]>([
    ["no length", {}, "trace.requests", "without end"],
    ["null for both limits", { requests: null, end_time: null }, "trace.requests", "without end"],
    ["more requests than memory", { rate: 1e6, end_time: 1e6 }, "trace.requests", "too long"],
    ["an end before the first request", { end_time: 1e-9 }, "trace.end_time", "No request arrives before"],
    ["gamma without cv", { requests: 1, arrivals: { process: "gamma" } }, "trace.arrivals.cv", "gamma needs cv"],
    [
      "poisson with cv",
      { requests: 1, arrivals: { process: "poisson", cv: 2 } },
      "trace.arrivals.cv",
      "poisson has no cv",
    ],
    ["no rate", { requests: 1, rate: null }, "trace.rate", "how often"],
    ["two rates", { requests: 1, utilisation: 0.5 }, "trace.utilisation", "both say"],
    ["utilisation of nothing", { requests: 1, rate: null, utilisation: 0.5 }, "trace.servers", "needs servers"],
    ["servers for nothing", { requests: 1, servers: 3 }, "trace.servers", "no effect without utilisation"],
    [
      "minutes without requests",
      { arrivals: { process: "per_minute", requests_per_minute: [0, 0] } },
      "trace.arrivals",
      "No minute has any",
    ],
    [
      "minutes from two places",
      { arrivals: { process: "per_minute", requests_per_minute: [1], table: "t.csv", column: "load" } },
      "trace.arrivals",
      "needs requests per minute",
    ],
    ["no minutes", { arrivals: { process: "per_minute" } }, "trace.arrivals", "needs requests per minute"],
    ["no lengths", { requests: 1, lengths: {} }, "trace.lengths", "The lengths have no keys."],
    ["only one length", { requests: 1, lengths: { output } }, "trace.lengths", "The lengths have output."],
    ["joint without table", { requests: 1, lengths: { distribution: "joint" } }, "trace.lengths", "have distribution."],
    [
      "a missing parameter",
      { requests: 1, lengths: { prompt: { distribution: "lognormal", mean: 10 }, output } },
      "trace.lengths.prompt.std",
      "The distribution lognormal needs std.",
    ],
    [
      "a parameter of another distribution",
      { requests: 1, lengths: { prompt: { distribution: "constant", tokens: 10, mean: 3 }, output } },
      "trace.lengths.prompt.mean",
      "The distribution constant has no mean.",
    ],
    [
      "crossed bounds",
      { requests: 1, lengths: { prompt: { distribution: "uniform", min: 9, max: 3 }, output } },
      "trace.lengths.prompt.min",
      "min = 9 is above max = 3.",
    ],
  ])("%s", (_, parameters, path, message) => {
    const error = errorOf(parameters);
    expect(error.path).toBe(path);
    expect(error.message).toContain(message);
  });
});
