import { describe, expect, it } from "vitest";
import type { Trace } from "../../src/sim/workload/trace.ts";
import { parseBurstGptCsv } from "../../src/traces/burstgpt-csv.ts";
import { generateTrace } from "../../src/traces/generate-trace.ts";
import { recordedTrace } from "../../src/traces/recorded-trace.ts";
import type { ApplicationsParameters, GeneratedParameters } from "../../src/traces/trace.schema.ts";
import { bytes } from "./bytes.ts";

const SOURCE = `application_id,arrival_timestamp,prompt_size,token_size
0,0,100,10
0,1,200,20
1,2,300,30
1,3,4000,40
`;
const PAIRS = { distribution: "pairs", table: "source.csv" } as const;

function generate(changes: Partial<GeneratedParameters> = {}, seed = 0): Trace {
  return generateTrace(
    {
      _target_: "traces.Generated",
      rate: 5,
      requests: 20_000,
      arrivals: { process: "poisson" },
      lengths: PAIRS,
      ...changes,
    },
    seed,
    (path) => ({ path, bytes: bytes(SOURCE) }),
  );
}

function sharesOf({ applicationId, count }: Trace, applications: number): number[] {
  return Array.from({ length: applications }, (_, id) => applicationId.filter((found) => found === id).length / count);
}

describe("requests that draw their applications", () => {
  const harmonic = 1 + 1 / 2 + 1 / 3 + 1 / 4;
  it.each<[ApplicationsParameters, number[]]>([
    [{ assign: "one" }, [1]],
    [{ assign: "uniform", count: 4 }, [0.25, 0.25, 0.25, 0.25]],
    [{ assign: "zipf", count: 4, alpha: 1 }, [1, 1 / 2, 1 / 3, 1 / 4].map((weight) => weight / harmonic)],
    [{ assign: "zipf", count: 2, alpha: 0 }, [0.5, 0.5]],
    [{ assign: "weights", weights: [6, 0, 2] }, [0.75, 0, 0.25]],
  ])("%j has the shares that it says", (applications, expected) => {
    const trace = generate({ applications });
    sharesOf(trace, expected.length).forEach((share, id) => {
      const deviation = Math.sqrt((expected[id] * (1 - expected[id])) / trace.count);
      expect(Math.abs(share - expected[id])).toBeLessThanOrEqual(4.5 * deviation);
    });
  });

  it("leave arrivals and lengths as they are, and are left as they are by them", () => {
    const applications = { assign: "zipf", count: 10, alpha: 0.8 } as const;
    const base = generate({ applications });
    const one = generate();
    const bursty = generate({
      applications,
      arrivals: { process: "gamma", cv: 4 },
      lengths: { ...PAIRS, max_context: 250 },
    });
    expect(one.arrivalSeconds).toEqual(base.arrivalSeconds);
    expect(one.promptTokens).toEqual(base.promptTokens);
    expect(bursty.applicationId).toEqual(base.applicationId);
    expect(bursty.arrivalSeconds).not.toEqual(base.arrivalSeconds);
    expect(generate({ applications }, 1).applicationId).not.toEqual(base.applicationId);
  });

  it.each<[ApplicationsParameters, string]>([
    [{ assign: "zipf", count: 3 }, "The assignment zipf needs alpha."],
    [{ assign: "uniform", count: 3, alpha: 1 }, "The assignment uniform has no alpha."],
    [{ assign: "weights", weights: [0, 0] }, "All weights are 0."],
    [{ assign: "top", count: 3 }, "no names that top could assign"],
  ])("%j is refused", (applications, message) => {
    expect(() => generate({ applications })).toThrow(message);
  });
});

describe("lengths of another trace's requests", () => {
  const pairsOf = ({ promptTokens, outputTokens }: Trace) =>
    new Set(Array.from(promptTokens, (prompt, row) => `${prompt}/${outputTokens[row]}`));

  it("are drawn together, each request equally likely", () => {
    const trace = generate();
    expect(pairsOf(trace)).toEqual(new Set(["100/10", "200/20", "300/30", "4000/40"]));
    const share = trace.promptTokens.filter((prompt) => prompt === 300).length / trace.count;
    expect(Math.abs(share - 0.25)).toBeLessThan(4.5 * Math.sqrt(0.1875 / trace.count));
  });

  it("leave out requests beyond a largest context", () => {
    expect(pairsOf(generate({ lengths: { ...PAIRS, max_context: 330 } }))).toEqual(
      new Set(["100/10", "200/20", "300/30"]),
    );
    expect(() => generate({ lengths: { ...PAIRS, max_context: 50 } })).toThrow(
      "No request of source.csv has at most 50 tokens.",
    );
  });

  it("may be those of the request's own application", () => {
    const lengths = { ...PAIRS, by_application: true };
    const trace = generate({ lengths, applications: { assign: "uniform", count: 2 } });
    trace.promptTokens.forEach((prompt, row) => {
      expect(prompt >= 300).toBe(trace.applicationId[row] === 1);
    });
    expect(() => generate({ lengths, applications: { assign: "uniform", count: 3 } })).toThrow(
      "no request of application 2",
    );
  });
});

describe("models of BurstGPT", () => {
  const ROWS = `Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type
5,ChatGPT,10,3,13,API log
6,GPT-4,20,0,20,API log
9,GPT-4,30,5,35,API log
`;
  it("are applications by a mapping", () => {
    const applications: ApplicationsParameters = { assign: "mapping", mapping: { ChatGPT: 4, "GPT-4": 300 } };
    const trace = recordedTrace(bytes(ROWS), "b.csv", { _target_: "traces.BurstGptCsv", applications }, 0);
    expect(Array.from(trace.applicationId)).toEqual([4, 300]);
  });

  it("that no mapping names are refused with their line", () => {
    const applications = new Map([["ChatGPT", 0]]);
    const parse = () => parseBurstGptCsv(bytes(ROWS), "b.csv", { applications });
    expect(parse).toThrow("Model is 'GPT-4', expected a model of trace.applications.mapping (ChatGPT).");
    expect(parse).toThrow(expect.objectContaining({ position: { file: "b.csv", line: 3 } }));
  });

  it("of other recorded traces are drawn", () => {
    const azure = "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 00:00:00,1,1\n2023-11-16 00:00:08,2,2\n";
    const parameters = {
      _target_: "traces.AzureCsv" as const,
      applications: { assign: "weights" as const, weights: [0, 1] },
    };
    expect(Array.from(recordedTrace(bytes(azure), "a.csv", parameters, 0).applicationId)).toEqual([1, 1]);
  });
});
