import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDecimal } from "../../src/traces/csv/parse-decimal.ts";

describe("a decimal", () => {
  it.each(["", ".", "e5", "1e", "0x10", "1_000", "nan", "inf", "Infinity", "1e400", "--1", "1.2.3", "1,5"])(
    "is not spelt '%s'",
    (text) => {
      expect(parseDecimal(text, "ieee")).toBeNaN();
      expect(parseDecimal(text, "pandas")).toBeNaN();
    },
  );

  it.each([
    ["5.", 5],
    [".5", 0.5],
    ["+2", 2],
    ["-2.5", -2.5],
    ["1E+5", 1e5],
    ["007", 7],
  ])("'%s' is %d by both rules", (text, value) => {
    expect(parseDecimal(text, "ieee")).toBe(value);
    expect(parseDecimal(text, "pandas")).toBe(value);
  });
});

describe("the pandas rule", () => {
  // Left: text; right: pandas 3.0.6, read_csv with its default parser.
  it.each([
    ["0.09948431352038875", 0.0994843135203887],
    ["0.25647565889111845", 0.2564756588911184],
    ["0.37187855211662707", 0.371878552116627],
    ["1.8887497933364172", 1.8887497933364168],
    ["3.71415926535897932384", 3.7141592653589792],
    ["0.00000000000000012345678901", 1e-16],
    ["0000.1234567890123456789e3", 123.4567890123],
    ["2.2250738585072014e-308", 2.2250738585072014e-308],
    ["59.97437516830112", 59.97437516830112],
  ])("reads %s as pandas does", (text, value) => {
    expect(parseDecimal(text, "pandas")).toBe(value);
  });

  it("agrees with correct rounding up to 15 digits", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999_999_999_999_999 }),
        fc.integer({ min: 0, max: 15 }),
        (digits, decimals) => {
          const text = String(digits).padStart(decimals + 1, "0");
          const decimal = `${text.slice(0, text.length - decimals)}.${text.slice(text.length - decimals)}`;
          fc.pre(decimal.length <= 16);
          expect(parseDecimal(decimal, "pandas")).toBe(Number(decimal));
        },
      ),
    );
  });
});
