import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { floatRepr } from "../../src/config/index.ts";
import { evaluatePython } from "../../src/config/interpolation/python-expression.ts";
import { composerFor, configError } from "./helpers.ts";

function resolve(yaml: string, env: Record<string, string> = {}): unknown {
  return composerFor({ "config.yaml": yaml }, { env }).compose([]).resolved();
}

describe("references", () => {
  test("a lone reference keeps type and structure, text prints as Python does", () => {
    expect(resolve("l: [1, a]\nn: null\nf: 1.0e-5\nb: true\nx: ${l}\ny: '${l} ${n} ${f} ${b}'\n")).toMatchObject({
      x: [1, "a"],
      y: "[1, 'a'] None 1e-05 True",
    });
  });

  test("relative references count mappings and lists as levels", () => {
    expect(resolve("top: 5\nm:\n  a: 1\n  l: [{v: '${...a}', w: '${....top}'}]\n")).toMatchObject({
      m: { l: [{ v: 1, w: 5 }] },
    });
  });

  test("what a reference leads to is resolved where it stands", () => {
    expect(resolve("d: {x: 1, y: '${.x}'}\ne: {x: 9, z: '${d}'}\n")).toMatchObject({ e: { z: { x: 1, y: 1 } } });
  });

  test("backslashes escape a reference, and only there", () => {
    expect(resolve("a: 1\ne: \\${a}\nf: \\\\${a}\ng: c:\\dir\n")).toMatchObject({ e: "${a}", f: "\\1", g: "c:\\dir" });
  });

  test("a key can be a reference itself", () => {
    expect(resolve("which: b\nopts: {a: 1, b: 2}\nv: ${opts[${which}]}\nw: ${opts.${which}}\n")).toMatchObject({
      v: 2,
      w: 2,
    });
  });
});

describe("resolvers", () => {
  test("oc.env gives text, also for defaults", () => {
    expect(
      resolve("a: ${oc.env:RATE}\nb: ${oc.env:NO,10}\nc: ${oc.env:NO,null}\nd: ${oc.decode:${oc.env:RATE}}\n", {
        RATE: "2.5",
      }),
    ).toEqual({
      a: "2.5",
      b: "10",
      c: null,
      d: 2.5,
    });
  });

  test("names from Object's prototype are no environment variables", () => {
    expect(resolve("a: ${oc.env:constructor,none}\nb: ${oc.env:__proto__,none}\n")).toEqual({ a: "none", b: "none" });
  });

  test("text from the environment is not interpolated again", () => {
    expect(resolve("a: ${oc.env:X}\nsecret: s\n", { X: "${secret}" })).toMatchObject({ a: "${secret}" });
  });

  test("oc.select takes its default for a missing key, oc.dict lists a mapping", () => {
    expect(
      resolve(
        "d: {x: 1, y: '${.x}'}\na: ${oc.select:no.such,7}\nb: ${oc.select:d.x}\nk: ${oc.dict.keys:d}\nv: ${oc.dict.values:d}\n",
      ),
    ).toMatchObject({
      a: 7,
      b: 1,
      k: ["x", "y"],
      v: [1, 1],
    });
  });

  test("oc.deprecated warns and leads to the new key", () => {
    const composition = composerFor({ "config.yaml": "old: ${oc.deprecated:new}\nnew: 3\n" }).compose([]);
    expect(composition.select("old")).toBe(3);
    expect(composition.warnings.join()).toContain("'old' is deprecated");
  });

  test("an unknown resolver names the nearest one", () => {
    const composition = composerFor({ "config.yaml": "a: ${oc.envv:X}\n" }).compose([]);
    expect(configError(() => composition.resolved()).hint).toContain("oc.env");
  });
});

describe("eval", () => {
  // Values from CPython 3.11.
  test.each<[string, unknown]>([
    ["1 + 2 * 3 ** 2", 19],
    ["-2 ** 2", -4],
    ["2 ** -1", 0.5],
    ["7 // 2", 3],
    ["-7 // 2", -4],
    ["-7 % 3", 2],
    ["7.5 // 2", 3],
    ["-7.5 % 2", 0.5],
    ["int(44 * (40 - 5) // 24.8)", 62],
    ["round(2.5)", 2],
    ["round(3.5)", 4],
    ["round(2.675, 2)", 2.67],
    ["round(0.6000000000000001, 1)", 0.6],
    ["round(1234, -2)", 1200],
    ["'a' * 3 + 'b'", "aaab"],
    ["1 < 2 < 3", true],
    ["1 if False else 2", 2],
    ["0 or 'x'", "x"],
    ["not 0 and 5", 5],
    ["1 / 0 if False else 3", 3],
    ["max(1, 2.5, 2)", 2.5],
    ["abs(-3) + len('abcd')", 7],
    ["True + 1", 2],
    ["None", null],
    ["10 / 4", 2.5],
  ])("%s", (source, expected) => {
    const result = evaluatePython(source);
    expect(result.type === "null" ? null : result.value).toEqual(expected);
  });

  test("division keeps Python's law a == (a // b) * b + a % b", () => {
    const number = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(
        number,
        number.filter((b) => b !== 0),
        (a, b) => {
          expect(evaluatePython(`(${a} // ${b}) * ${b} + ${a} % ${b} == ${a}`)).toEqual({ type: "bool", value: true });
        },
      ),
    );
  });

  test.each([
    "1 / 0",
    "1 +",
    "__import__('os')",
    "x",
    "(1).real",
    "[1]",
    "'a' + 1",
    "9 ** 9 ** 9",
    "'a' * 10 ** 9",
    "(".repeat(500),
    "1; 2",
  ])("%s is an error", (source) => {
    expect(() => evaluatePython(source)).toThrow();
  });
});

test("floats print as Python's shortest text that reads back", () => {
  const cases: [number, string][] = [
    [1e16, "1e+16"],
    [1e-5, "1e-05"],
    [0.0001, "0.0001"],
    [1, "1.0"],
    [123456789012345680, "1.2345678901234568e+17"],
    [-0, "-0.0"],
    [1.5e300, "1.5e+300"],
  ];
  for (const [value, text] of cases) expect(floatRepr(value)).toBe(text);
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
      Object.is(Number(floatRepr(value)), value),
    ),
  );
});
