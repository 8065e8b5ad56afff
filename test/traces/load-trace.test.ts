import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ConfigError, TraceError } from "../../src/errors.ts";
import { loadTrace, type TraceConfig, traceFiles } from "../../src/traces/load-trace.ts";
import { traceSchemas } from "../../src/traces/trace.schema.ts";
import { bytes, columnsOf } from "./bytes.ts";

const ROOT = join(import.meta.dirname, "../..");
const OPTIONS = readdirSync(join(ROOT, "conf/trace"))
  .sort()
  .map((name) => name.replace(".yaml", ""));
const NEEDS_A_FILE = ["azure", "azure_functions", "burstgpt", "model_minutes", "mooncake"];
const SHORT = "arrival_timestamp,prompt_size,token_size\n1,2,3\n";

/** An option of the group `trace`, its one interpolation resolved, with changes. */
function option(name: string, changes: Record<string, unknown> = {}): TraceConfig {
  const node = { ...parse(readFileSync(join(ROOT, `conf/trace/${name}.yaml`), "utf8")), ...changes };
  if (node.path?.includes("${")) node.path = `${node.dir}/${node.filename}.csv`;
  return node;
}

/** Opens shipped files, and `files` instead where they have the path. */
function context(files: Record<string, string> = {}, seed = 0) {
  const opened: string[] = [];
  return {
    seed,
    opened,
    openFile: (path: string) => {
      opened.push(path);
      return { path, bytes: path in files ? bytes(files[path]) : readFileSync(join(ROOT, path)) };
    },
  };
}

describe("every option of the group trace", () => {
  it("is one of those documented", () => {
    expect(OPTIONS).toEqual([
      "azure",
      "azure_code",
      "azure_conv",
      "azure_functions",
      "burstgpt",
      "chat",
      "constant",
      "gamma",
      "llm_serving",
      "lognormal",
      "many_models",
      "model_minutes",
      "mooncake",
      "per_minute",
      "poisson",
      "test_trace",
      "zipf",
    ]);
  });

  it.each(OPTIONS)("%s satisfies its schema and has the keys that all have", (name) => {
    const node = option(name);
    const schema = traceSchemas.find((candidate) =>
      (candidate.properties._target_.enum as string[]).includes(node._target_),
    );
    const validate = new Ajv({ strict: false, allErrors: true }).compile(schema as object);
    validate(node);
    expect(validate.errors).toBeNull();
    expect(Object.keys(node)).toEqual(
      expect.arrayContaining(["_target_", "name", "dir", "filename", "path", "float_parser"]),
    );
    expect(node).toMatchObject({ name, dir: "traces", float_parser: "ieee" });
  });

  it.each(OPTIONS)("%s reads a file of SplitwiseSim's instead when a filename is set", (name) => {
    const node = option(name, { filename: "mine", dir: "elsewhere/" });
    const files = context({ "elsewhere/mine.csv": SHORT, "elsewhere//mine.csv": SHORT });
    expect(columnsOf(loadTrace(node, files))).toMatchObject({
      arrivalSeconds: [1],
      promptTokens: [2],
      outputTokens: [3],
    });
    expect(traceFiles(node).map(({ path }) => path)).toEqual(files.opened);
  });

  it.each(OPTIONS.filter((name) => !NEEDS_A_FILE.includes(name)))(
    "%s loads, and opens the files that it says",
    (name) => {
      const files = context();
      const { count } = loadTrace(option(name), files);
      // 1,200 on average in the minutes of per_minute, of which 2 standard deviations are 69.
      if (name === "per_minute") expect(Math.abs(count - 1200)).toBeLessThan(70);
      else expect(count).toBe({ test_trace: 3, llm_serving: 10_000 }[name] ?? 2000);
      expect(traceFiles(option(name)).map(({ path }) => path)).toEqual(files.opened);
    },
  );
});

describe("a trace", () => {
  it("of SplitwiseSim's format is read from path where that is set", () => {
    const node = option("azure_conv", { path: "some/file.csv", filename: "ignored" });
    expect(loadTrace(node, context({ "some/file.csv": SHORT })).source).toBe("some/file.csv");
  });

  it("of Azure's format is read from path, scaled and cut", () => {
    const text =
      "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 00:00:00,1,1\n2023-11-16 00:00:08,2,2\n2023-11-16 00:00:09,2,2\n";
    const node = option("azure", { path: "azure.csv", rate_scale: 2, limit: 2 });
    expect(columnsOf(loadTrace(node, context({ "azure.csv": text })))).toMatchObject({
      count: 2,
      arrivalSeconds: [0, 4],
    });
  });

  it("of Azure's format without a file says what to set", () => {
    expect(() => loadTrace(option("azure"), context())).toThrow(ConfigError);
    expect(traceFiles(option("azure"))).toEqual([]);
  });

  it("follows float_parser", () => {
    const files = context({ "t.csv": "arrival_timestamp,prompt_size,token_size\n0.09948431352038875,1,1\n" });
    const exact = loadTrace(option("test_trace", { path: "t.csv" }), files);
    const pandas = loadTrace(option("test_trace", { path: "t.csv", float_parser: "pandas" }), files);
    expect(exact.arrivalSeconds[0]).toBe(0.09948431352038875);
    // pandas 3.0.6
    expect(pandas.arrivalSeconds[0]).toBe(0.0994843135203887);
  });

  it("is generated from the seed", () => {
    const arrivals = (seed: number) => loadTrace(option("azure_conv"), context({}, seed)).arrivalSeconds;
    expect(arrivals(1)).toEqual(arrivals(1));
    expect(arrivals(1)).not.toEqual(arrivals(2));
  });

  it("whose length table is malformed blames the table's line", () => {
    const table = (text: string) => () => {
      const node = option("azure_conv", { lengths: { distribution: "joint", table: "table.csv" } });
      loadTrace(node, context({ "table.csv": text }));
    };
    const header = "probability,prompt@0,prompt@1,output@0,output@1";
    expect(table(`${header}\n1,1,2,3,4\n`)).not.toThrow();
    for (const [text, line, message] of [
      ["", undefined, "expected a header and at least one row"],
      ["a,b\n1,2\n", 1, "the levels of prompt@L must ascend from 0 to 1"],
      [
        "probability,prompt@0,prompt@0.5,output@0,output@1\n1,1,2,3,4\n",
        1,
        "the levels of prompt@L must ascend from 0 to 1",
      ],
      ["prompt@0,prompt@1,output@0,output@1,x\n1,1,2,3,4\n", 1, "expected probability, then prompt@L, then output@L"],
      [`${header}\n0.5,1,2,3\n`, 2, "the row has 4 cells, expected 5"],
      [`${header}\n0.5,1,2,3,4\n0.4,1,2,3,4\n`, 3, "the probability '0.4' must be above the row before's"],
      [`${header}\n0.5,1,2,3,4\n`, 2, "the last row's probability must be 1"],
      [`${header}\n1,2,1,3,4\n`, 2, "never fall along the row"],
      [`${header}\n1,0,1,3,4\n`, 2, "tokens must be numbers from 1"],
      [`${header}\n1,x,1,3,4\n`, 2, "tokens must be numbers from 1"],
    ] as const) {
      expect(table(text)).toThrow(message);
      expect(table(text)).toThrow(
        expect.objectContaining({ name: TraceError.name, position: { file: "table.csv", line } }),
      );
    }
  });
});
