import { ConfigError } from "../../errors.ts";

/**
 * Scalars of a configuration. Integers and floats are told apart (`2` and `2.0` print differently), and an
 * integer beyond 2^53 is a bigint, so that nothing is rounded on the way from a file to a file.
 */
export type Scalar =
  | { readonly type: "null" }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "int"; readonly value: number | bigint }
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "str"; readonly value: string };

export const NULL: Scalar = { type: "null" };
export const TRUE: Scalar = { type: "bool", value: true };
export const FALSE: Scalar = { type: "bool", value: false };

/** The marker of a mandatory value that nobody has given yet. */
export const MISSING_TEXT = "???";

export function str(value: string): Scalar {
  return { type: "str", value };
}

export function float(value: number): Scalar {
  return { type: "float", value };
}

export function bool(value: boolean): Scalar {
  return value ? TRUE : FALSE;
}

/** An integer scalar; bigints inside the safe range become numbers. -0 is 0, as in Python. */
export function int(value: number | bigint): Scalar {
  if (typeof value === "bigint") {
    const small = BigInt.asIntN(54, value) === value && value > -(2n ** 53n);
    return { type: "int", value: small ? Number(value) : value };
  }
  return { type: "int", value: value + 0 };
}

/** Python reads no integer with more digits either; longer ones would take quadratic time. */
export const MAX_INTEGER_DIGITS = 4300;

/**
 * Reads decimal digits with an optional sign and underscores.
 * @throws {ConfigError} `number_too_long`
 */
export function parseDecimalInt(text: string): Scalar {
  const digits = text.replaceAll("_", "");
  if (digits.length > MAX_INTEGER_DIGITS) {
    throw new ConfigError(
      "number_too_long",
      `An integer has ${digits.length} digits; at most ${MAX_INTEGER_DIGITS} are read.`,
    );
  }
  return digits.length <= 15 ? int(Number(digits)) : int(BigInt(digits.startsWith("+") ? digits.slice(1) : digits));
}

export function isMissing(scalar: Scalar): boolean {
  return scalar.type === "str" && scalar.value === MISSING_TEXT;
}

/** Equality as Python has it: 1 == 1.0 == True, "1" != 1. */
export function scalarsEqual(a: Scalar, b: Scalar): boolean {
  const x = numericValue(a);
  const y = numericValue(b);
  // A loose comparison of number and bigint is exact, as Python's is.
  // biome-ignore lint/suspicious/noDoubleEquals: number and bigint of equal value are equal here
  if (x !== undefined && y !== undefined) return x == y;
  if (a.type === "null" || b.type === "null") return a.type === b.type;
  return a.type === "str" && b.type === "str" && a.value === b.value;
}

export function numericValue(scalar: Scalar): number | bigint | undefined {
  if (scalar.type === "int" || scalar.type === "float") return scalar.value;
  if (scalar.type === "bool") return scalar.value ? 1 : 0;
  return undefined;
}
