/** The built-in functions that `${eval:...}` knows. */
import { toFloat, toInt } from "../override/python-numbers.ts";
import { pythonStr } from "../values/python-text.ts";
import { float, int, numericValue, type Scalar, str } from "../values/scalar.ts";
import { compare, negate, PythonError, positive } from "./python-operators.ts";

export const PYTHON_FUNCTIONS: readonly string[] = ["int", "float", "round", "abs", "min", "max", "len", "str"];

export function callPythonFunction(name: string, args: readonly Scalar[]): Scalar {
  const [first, second] = args;
  const limit = name === "round" ? 2 : name === "min" || name === "max" ? Number.POSITIVE_INFINITY : 1;
  if (first === undefined || args.length > limit) throw new PythonError(`wrong number of arguments for ${name}()`);
  switch (name) {
    case "int":
      return toInt(first) ?? fail(name, first);
    case "float":
      return toFloat(first) ?? fail(name, first);
    case "str":
      return str(pythonStr(first));
    case "len":
      return first.type === "str" ? int([...first.value].length) : fail(name, first);
    case "abs": {
      const value = numericValue(first);
      return value === undefined ? fail(name, first) : value < 0 ? negate(first) : positive(first);
    }
    case "round":
      return second === undefined || second.type === "null" ? roundToInt(first) : roundToDigits(first, second);
    default: {
      if (args.length < 2) throw new PythonError(`${name}() needs at least two values`);
      const sign = name === "min" ? "<" : ">";
      return args.reduce((best, value) => (compare(sign, value, best) ? value : best));
    }
  }
}

/** `round(x)`: the nearest integer, ties to the even one. */
function roundToInt(value: Scalar): Scalar {
  if (value.type === "int" || value.type === "bool") return positive(value);
  if (value.type !== "float" || !Number.isFinite(value.value)) return fail("round", value);
  return int(roundedRatio(value.value, 0));
}

/** `round(x, n)`: rounds the exact value of the double, as CPython does. */
function roundToDigits(value: Scalar, digits: Scalar): Scalar {
  if (digits.type !== "int" && digits.type !== "bool") return fail("round", digits);
  const n = Number(digits.value);
  if (value.type === "float") {
    if (!Number.isFinite(value.value) || n > 323 || value.value === 0) return value;
    if (n < -308) return float(0 * value.value);
    const rounded = roundedRatio(value.value, n);
    const result = Number(`${rounded}e${-n}`);
    return float(rounded === 0n && value.value < 0 ? -0 : result);
  }
  const number = numericValue(value);
  if (number === undefined) return fail("round", value);
  if (n >= 0) return positive(value);
  if (n < -400) return int(0);
  const unit = 10n ** BigInt(-n);
  return int(divideToEven(BigInt(number), unit) * unit);
}

/** x * 10^digits as an exact ratio, rounded to the nearest integer, ties to even. */
function roundedRatio(x: number, digits: number): bigint {
  let exponent = 0;
  let mantissa = x;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent++;
  }
  const numerator = BigInt(mantissa) * (digits > 0 ? 10n ** BigInt(digits) : 1n);
  const denominator = 2n ** BigInt(exponent) * (digits < 0 ? 10n ** BigInt(-digits) : 1n);
  return divideToEven(numerator, denominator);
}

function divideToEven(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n;
  const magnitude = negative ? -numerator : numerator;
  const quotient = magnitude / denominator;
  const twice = (magnitude % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  const rounded = up ? quotient + 1n : quotient;
  return negative ? -rounded : rounded;
}

function fail(name: string, value: Scalar): never {
  throw new PythonError(`${name}() does not take ${pythonStr(value)} (${value.type})`);
}
