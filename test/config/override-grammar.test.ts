import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type OverrideValue, parseOverride, printValue } from "../../src/config/index.ts";
import { OverrideError } from "../../src/errors.ts";

function overrideError(text: string): OverrideError {
  try {
    parseOverride(text);
  } catch (error) {
    if (error instanceof OverrideError) return error;
    throw error;
  }
  throw new Error(`'${text}' should not parse`);
}

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("", "a b", "it's", '"q"', "\\", "a\\", "\\'", "${x}", "\n", "1", "null", "[x]", "a:b"),
);
const scalar: fc.Arbitrary<OverrideValue> = fc.oneof(
  fc.constant<OverrideValue>({ type: "null" }),
  fc.boolean().map((value): OverrideValue => ({ type: "bool", value })),
  fc.integer().map((value): OverrideValue => ({ type: "int", value })),
  fc.double({ noNaN: true }).map((value): OverrideValue => ({ type: "float", value })),
  fc
    .tuple(text, fc.constantFrom("single" as const, "double" as const))
    .map(([value, quote]): OverrideValue => ({ type: "str", value, quote })),
);
const value = fc.letrec<{ value: OverrideValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie("value"), { maxLength: 4 }).map((items): OverrideValue => ({ type: "list", items })),
    fc
      .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z][a-z0-9_ :]{0,6}[a-z]$/), tie("value")), {
        maxLength: 3,
        selector: ([key]) => key,
      })
      .map(
        (pairs): OverrideValue => ({
          type: "dict",
          entries: pairs.map(([key, item]) => [{ type: "str", value: key }, item] as const),
        }),
      )
      .filter(
        (dict) =>
          dict.type === "dict" &&
          dict.entries.every(
            ([key]) => !/^(?:true|false|null|inf|nan)$/.test(String((key as { value?: unknown }).value)),
          ),
      ),
  ),
})).value;

describe("values", () => {
  test("a printed value parses to the same value", () => {
    fc.assert(
      fc.property(value, (original) => {
        expect(parseOverride(`k=${printValue(original)}`).value).toEqual(original);
      }),
    );
  });

  test("unquoted text with special characters survives printing", () => {
    const plain = fc.stringMatching(/^[a-z][a-z0-9 ,:=()[\]{}\\$]{0,10}[a-z]$/);
    fc.assert(
      fc.property(plain, (original) => {
        const parsed = parseOverride(`k=${printValue({ type: "str", value: original })}`).value;
        fc.pre(!/^(?:true|false|null|inf|nan)$/i.test(original));
        expect(parsed).toEqual({ type: "str", value: original });
      }),
    );
  });

  // Recorded from Hydra 1.4.0.dev9.
  test.each([
    ["70b", "str", "70b"],
    ["007", "str", "007"],
    ["1_000", "int", 1000],
    ["10.0.0.9", "str", "10.0.0.9"],
    ["5.", "float", 5],
    ["-inf", "float", Number.NEGATIVE_INFINITY],
    ["infinity", "str", "infinity"],
    ["yes", "str", "yes"],
    ["a\\,b", "str", "a,b"],
    ["'\\n'", "str", "\\n"],
  ])("%s is a %s", (source, type, expected) => {
    expect(parseOverride(`k=${source}`).value).toMatchObject({ type, value: expected });
  });

  test("an interpolation ends at the first closing brace and is kept as it is", () => {
    expect(parseOverride("k=${oc.env:A,1}/x").value).toEqual({ type: "str", value: "${oc.env:A,1}/x" });
  });
});

describe("errors", () => {
  test.each([
    ["note=a=b", 6],
    ["note=é", 5],
    ["note=x#1", 6],
    ["seed = 1", 4],
    ["seed", 4],
    ["a[0]=1", 1],
    ["k=[1,", 5],
    ["k='open", 2],
    ["k=choice()", 2],
    ["k=sort(a,1)", 2],
  ])("%s fails at column %i", (source, column) => {
    expect(overrideError(source).column).toBe(column);
  });

  test("a bracketed index is told how to write it", () => {
    expect(overrideError("a[0]=1").hint).toContain("a.0");
  });

  test("an unknown function names the nearest one", () => {
    expect(overrideError("k=rnage(3)").hint).toContain("range");
  });

  test("a value with special characters is told how to quote it", () => {
    expect(overrideError("note=a=b").hint).toContain("note='a=b'");
  });

  test.each(["a.__proto__.b=1", "__proto__=1", "k={__proto__:1}", "g@__proto__=x"])("%s is refused", (source) => {
    expect(() => parseOverride(source)).toThrow(/__proto__/);
  });

  test("thousands of opening brackets end in an error, not in a full stack", () => {
    expect(overrideError(`k=${"[".repeat(100_000)}`).message).toContain("nesting");
  });
});
