import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, runId } from "../../src/sweep/run-id.ts";

describe("a run id", () => {
  it("is the start of the SHA-256 of config, files and format version", () => {
    const identity = '{"config":{"a":{"c":[1,null],"d":"x"},"seed":0},"files":[["trace","ff"]],"format":1}';
    expect(runId({ seed: 0, a: { d: "x", c: [1, null] } }, [{ role: "trace", sha256: "ff" }])).toBe(
      createHash("sha256").update(identity).digest("hex").slice(0, 16),
    );
  });

  it("does not depend on where results go, nor on how the config was chosen", () => {
    const config = { seed: 3, trace: { path: "x" } };
    const id = runId(config, []);
    expect(
      runId({ ...config, hydra: { x: 1 }, output_dir: "y", results: {}, choices: { a: 1 }, labels: { b: 2 } }, []),
    ).toBe(id);
    expect(runId({ trace: { path: "x" }, seed: 3 }, [])).toBe(id);
    expect(runId({ ...config, trace: { path: "x", output_dir: "y" } }, [])).not.toBe(id);
  });

  it("depends on the bytes of every file and the part it plays, not on their order", () => {
    const a = { role: "trace", sha256: "aa" };
    const b = { role: "table", sha256: "bb" };
    expect(runId({}, [a, b])).toBe(runId({}, [b, a]));
    const ids = [[], [a], [a, b], [{ ...a, role: "table" }], [{ ...a, sha256: "bb" }]].map((files) => runId({}, files));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("differs for values that differ", () => {
    const values = [
      0,
      -0,
      "0",
      false,
      null,
      [],
      {},
      [[]],
      Number.NaN,
      "NaN",
      Number.POSITIVE_INFINITY,
      0.1,
      1e21,
      "1e+21",
    ];
    const ids = values.map((value) => runId({ value }, []));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("canonical JSON", () => {
  it("is JSON of the same value, whatever order the keys came in", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(reversedKeys(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(value);
      }),
    );
  });

  it("keeps a key named __proto__ as a key like any other", () => {
    expect(canonicalJson(JSON.parse('{"__proto__":1,"a":2}'))).toBe('{"__proto__":1,"a":2}');
  });

  it("refuses what no config holds", () => {
    for (const value of [undefined, () => 1, 1n, Symbol("x"), { a: undefined }]) {
      expect(() => canonicalJson(value)).toThrow("cannot be part of a resolved config");
    }
  });
});

function reversedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversedKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).reverse();
  return new Map(entries.map(([key, member]) => [key, reversedKeys(member)]));
}
