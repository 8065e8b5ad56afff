import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dumpYaml, readYaml } from "../../src/config/index.ts";
import { nodesEqual } from "../../src/config/tree/equal.ts";
import { type ConfigNode, encodeKey, listNode, mapNode } from "../../src/config/tree/node.ts";
import { BUILT_IN } from "../../src/config/tree/origin.ts";
import { readYamlTree } from "../../src/config/yaml/reader.ts";
import { configError } from "./helpers.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 120 }),
  fc.string({ unit: fc.constantFrom(..."ab 01:-#'\"\n\t,[]{}&*!|>%@`?=~$\\é日") }),
  fc.constantFrom(
    "",
    "y",
    "No",
    "on",
    "null",
    "~",
    "1_000",
    "0x1F",
    "1e3",
    ".inf",
    "12:30:45",
    "2020-01-01",
    "=",
    "<<",
    "- a",
  ),
);
const scalar = fc.oneof(
  fc.constant({ type: "null" } as const),
  fc.boolean().map((value) => ({ type: "bool", value }) as const),
  fc.maxSafeInteger().map((value) => ({ type: "int", value }) as const),
  fc.double({ noNaN: true }).map((value) => ({ type: "float", value }) as const),
  text.map((value) => ({ type: "str", value }) as const),
);
const tree = fc.letrec<{ node: ConfigNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    scalar.map((value): ConfigNode => ({ kind: "scalar", value, expression: undefined, origin: BUILT_IN })),
    fc.array(tie("node"), { maxLength: 4 }).map((items): ConfigNode => listNode(items, BUILT_IN)),
    fc
      .array(
        fc.tuple(
          text.filter((key) => key !== "__proto__"),
          tie("node"),
        ),
        { maxLength: 4 },
      )
      .map(
        (pairs): ConfigNode =>
          mapNode(new Map(pairs.map(([key, child]) => [encodeKey({ type: "str", value: key }), child])), BUILT_IN),
      ),
  ),
})).node;

const LINE_SEPARATOR_KEY = mapNode(
  new Map([[encodeKey({ type: "str", value: "\u2028" }), listNode([], BUILT_IN)]]),
  BUILT_IN,
);

describe("printing", () => {
  test("a printed tree reads back as the same tree", () => {
    fc.assert(
      fc.property(tree, (original) => {
        // Text that begins an interpolation is checked when it is read; that is another test's matter.
        const yaml = dumpYaml(original);
        fc.pre(!yaml.includes("${"));
        expect(nodesEqual(readYamlTree(yaml, "f")!, original)).toBe(true);
      }),
      { numRuns: 300, examples: [[listNode([LINE_SEPARATOR_KEY], BUILT_IN)]] },
    );
  });

  // Expected text from PyYAML 6 (CDumper) with OmegaConf's representer.
  test.each([
    ["{a: {n: 1, l: [1, {b: 2, c: []}, [3]]}}", "a:\n  'n': 1\n  l:\n  - 1\n  - b: 2\n    c: []\n  - - 3\n"],
    ["{f: 1e-5, g: 2.0, i: .inf, n: .nan}", "f: 1.0e-05\ng: 2.0\ni: .inf\n'n': .nan\n"],
    [
      "{s: '1', t: 'yes', u: '', v: 'a: b', w: '# x', x: ' y'}",
      "s: '1'\nt: 'yes'\nu: ''\nv: 'a: b'\nw: '# x'\nx: ' y'\n",
    ],
    ['{s: "a\\nb"}', "s: 'a\n\n  b'\n"],
    ['{s: "a\\tb"}', 's: "a\\tb"\n'],
  ])("%s", (source, expected) => {
    expect(dumpYaml(readYamlTree(source, "f")!)).toBe(expected);
  });
});

describe("the dialect", () => {
  // PyYAML 6 with OmegaConf's float rule.
  test.each<[string, unknown]>([
    ["yes", true],
    ["off", false],
    ["y", "y"],
    ["0x1F", 31],
    ["017", 15],
    ["0o17", "0o17"],
    ["1_000", 1000],
    ["190:20:30", 685230],
    ["1e3", 1000],
    ["2020-01-01", "2020-01-01"],
    ["~", null],
    ["08", "08"],
  ])("%s", (source, expected) => {
    expect(readYaml(`k: ${source}`, "f").value).toEqual({ k: expected });
  });

  test("merge keys stand first and lose against own keys", () => {
    const { value } = readYaml("b: &b {x: 1, y: 2}\nm: {z: 0, <<: *b, y: 3}\n", "f");
    expect(Object.entries((value as { m: object }).m)).toEqual([
      ["x", 1],
      ["y", 3],
      ["z", 0],
    ]);
  });
});

describe("errors and limits", () => {
  test.each([
    ["a: 1\nb: 2\na: 3\n", 3, 1],
    ["a: [1, 2\nb: 3\n", 2, 1],
    ["m: {a: 1, b: ${.a}}\n", 1, 15],
    ["a: *nope\n", 1, 4],
    ["a: !!python/object x\n", 1, 20],
  ])("%j is refused with its position", (source, line, column) => {
    const error = configError(() => readYaml(source, "conf/x.yaml"));
    expect(error.label).toBe("yaml_error");
    expect(error.position.file).toBe("conf/x.yaml");
    expect(error.position.line).toBe(line);
    expect(error.position.column).toBe(column);
  });

  test("positions of values can be asked for", () => {
    const document = readYaml("a:\n  - b: 1\n    c: x\n", "f");
    expect(document.originOf("a.0.c")).toEqual({ kind: "file", file: "f", line: 3, column: 8 });
  });

  test("nine levels of nine aliases are refused", () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) =>
        `l${i}: &l${i} [${Array(9)
          .fill(i === 0 ? "x" : `*l${i - 1}`)
          .join(", ")}]`,
    );
    expect(configError(() => readYaml(levels.join("\n"), "f")).message).toContain("aliases expand");
  });

  test("an alias to its own container is refused", () => {
    expect(configError(() => readYaml("a: &a [*a]", "f")).label).toBe("yaml_error");
  });

  test.each(["[".repeat(50_000), "a: ".concat("{a: ".repeat(20_000))])("deep nesting is refused", (source) => {
    expect(configError(() => readYaml(source, "f")).label).toBe("yaml_error");
  });

  test.each(["__proto__: {a: 1}", "a: {__proto__: 1}"])("%s cannot pollute a prototype", (source) => {
    expect(() => readYaml(source, "f").value).toThrow(/__proto__/);
  });
});
