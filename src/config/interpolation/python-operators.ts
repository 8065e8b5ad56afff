/** Python's operators on scalars. Integers are exact; booleans count as 0 and 1. */
import { compareText } from "../values/compare.ts";
import { pythonStr } from "../values/python-text.ts";
import { float, int, numericValue, type Scalar, scalarsEqual, str } from "../values/scalar.ts";

/** An expression that Python would reject or fail on. */
export class PythonError extends Error {}

const MAX_INTEGER_BITS = 100_000;
const MAX_TEXT_LENGTH = 1_000_000;

/** Applies `+ - * / // % **`. */
export function binary(sign: string, a: Scalar, b: Scalar): Scalar {
  if (a.type === "str" || b.type === "str") return textOperation(sign, a, b);
  const x = numericValue(a);
  const y = numericValue(b);
  if (x === undefined || y === undefined) throw unsupported(sign, a, b);
  const exact = a.type !== "float" && b.type !== "float";
  if (exact && sign !== "/") return integerOperation(sign, BigInt(x), BigInt(y));
  return float(floatOperation(sign, Number(x), Number(y)));
}

/** Applies a comparison; equality works between any types, order only among numbers or among texts. */
export function compare(sign: string, a: Scalar, b: Scalar): boolean {
  if (sign === "==") return scalarsEqual(a, b);
  if (sign === "!=") return !scalarsEqual(a, b);
  const x = numericValue(a);
  const y = numericValue(b);
  if (x !== undefined && y !== undefined) return ordered(sign, x < y, x > y);
  if (a.type !== "str" || b.type !== "str") throw unsupported(sign, a, b);
  const order = compareText(a.value, b.value);
  return ordered(sign, order < 0, order > 0);
}

export function negate(value: Scalar): Scalar {
  const number = numericValue(value);
  if (number === undefined) throw new PythonError(`cannot negate ${pythonStr(value)}`);
  return value.type === "float" ? float(-Number(number)) : int(-BigInt(number));
}

export function positive(value: Scalar): Scalar {
  const number = numericValue(value);
  if (number === undefined) throw new PythonError(`${pythonStr(value)} is no number`);
  return value.type === "bool" ? int(number) : value;
}

export function truthy(value: Scalar): boolean {
  if (value.type === "null") return false;
  if (value.type === "str") return value.value !== "";
  const number = numericValue(value)!;
  return typeof number === "bigint" ? number !== 0n : number !== 0;
}

/** Python's floor division of exact integers. */
function floorDivide(x: bigint, y: bigint): bigint {
  const quotient = x / y;
  return x % y !== 0n && x < 0n !== y < 0n ? quotient - 1n : quotient;
}

function integerOperation(sign: string, x: bigint, y: bigint): Scalar {
  switch (sign) {
    case "+":
      return int(x + y);
    case "-":
      return int(x - y);
    case "*":
      requireSmall(bits(x) + bits(y));
      return int(x * y);
    case "//":
      if (y === 0n) throw new PythonError("division by zero");
      return int(floorDivide(x, y));
    case "%":
      if (y === 0n) throw new PythonError("division by zero");
      return int(x - floorDivide(x, y) * y);
    default:
      if (y < 0n) return float(floatOperation("**", Number(x), Number(y)));
      if (x !== 0n && x !== 1n && x !== -1n) requireSmall(bits(x) * Number(y));
      return int(x === 1n || x === 0n ? (y === 0n ? 1n : x) : x === -1n ? (y % 2n === 0n ? 1n : -1n) : x ** y);
  }
}

function floatOperation(sign: string, x: number, y: number): number {
  switch (sign) {
    case "+":
      return x + y;
    case "-":
      return x - y;
    case "*":
      return x * y;
    case "/":
      if (y === 0) throw new PythonError("division by zero");
      return x / y;
    case "//": {
      const remainder = floatRemainder(x, y);
      const quotient = (x - remainder) / y;
      const floor = Math.floor(quotient);
      return quotient - floor > 0.5 ? floor + 1 : floor;
    }
    case "%":
      return floatRemainder(x, y);
    default: {
      if (x === 0 && y < 0) throw new PythonError("0.0 cannot be raised to a negative power");
      if (x === 1 || y === 0) return 1;
      const result = x ** y;
      if (Number.isNaN(result) && !Number.isNaN(x) && !Number.isNaN(y)) {
        throw new PythonError("a negative number cannot be raised to a fraction");
      }
      return result;
    }
  }
}

/** Remainder with the sign of the divisor. */
function floatRemainder(x: number, y: number): number {
  if (y === 0) throw new PythonError("division by zero");
  const remainder = x % y;
  return remainder !== 0 && remainder < 0 !== y < 0 ? remainder + y : remainder;
}

function textOperation(sign: string, a: Scalar, b: Scalar): Scalar {
  if (sign === "+" && a.type === "str" && b.type === "str") return limited(a.value + b.value);
  const [text, count] = a.type === "str" ? [a.value, b] : [(b as { value: string }).value, a];
  if (sign !== "*" || (count.type !== "int" && count.type !== "bool")) throw unsupported(sign, a, b);
  const times = Math.max(0, Number(count.value));
  if (text.length * times > MAX_TEXT_LENGTH) throw new PythonError("the text becomes too long");
  return limited(text.repeat(times));
}

function limited(text: string): Scalar {
  if (text.length > MAX_TEXT_LENGTH) throw new PythonError("the text becomes too long");
  return str(text);
}

function ordered(sign: string, less: boolean, greater: boolean): boolean {
  switch (sign) {
    case "<":
      return less;
    case ">":
      return greater;
    case "<=":
      return less || (!greater && !less);
    default:
      return greater || (!greater && !less);
  }
}

function bits(value: bigint): number {
  return (value < 0n ? -value : value).toString(16).length * 4;
}

function requireSmall(resultBits: number): void {
  if (resultBits > MAX_INTEGER_BITS) throw new PythonError("the integer becomes too large");
}

function unsupported(sign: string, a: Scalar, b: Scalar): PythonError {
  return new PythonError(`'${sign}' does not work between ${pythonStr(a)} (${a.type}) and ${pythonStr(b)} (${b.type})`);
}
