/** `int()`, `float()` and `bool()` of Python on scalars. */
import { bool, float, int, parseDecimalInt, type Scalar } from "../values/scalar.ts";

const INT_TEXT = /^[+-]?\d+(?:_\d+)*$/;
const FLOAT_TEXT =
  /^[+-]?(?:(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?|inf|infinity|nan)$/i;

/** `int(x)`; `undefined` when Python would raise. */
export function toInt(value: Scalar): Scalar | undefined {
  switch (value.type) {
    case "int":
      return value;
    case "bool":
      return int(value.value ? 1 : 0);
    case "float":
      if (!Number.isFinite(value.value)) return undefined;
      return int(Math.abs(value.value) < 2 ** 53 ? Math.trunc(value.value) : BigInt(Math.trunc(value.value)));
    case "str": {
      const text = value.value.trim();
      return INT_TEXT.test(text) ? parseDecimalInt(text) : undefined;
    }
    case "null":
      return undefined;
  }
}

/** `float(x)`; `undefined` when Python would raise. */
export function toFloat(value: Scalar): Scalar | undefined {
  switch (value.type) {
    case "float":
      return value;
    case "int":
      return float(Number(value.value));
    case "bool":
      return float(value.value ? 1 : 0);
    case "str": {
      const number = parseFloatString(value.value);
      return number === undefined ? undefined : float(number);
    }
    case "null":
      return undefined;
  }
}

export function parseFloatString(text: string): number | undefined {
  const clean = text.trim();
  if (!FLOAT_TEXT.test(clean)) return undefined;
  const lower = clean.toLowerCase().replaceAll("_", "");
  if (lower.includes("inf")) return lower.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return lower.includes("nan") ? Number.NaN : Number(lower);
}

/** Hydra's `bool(x)` cast: of text only `true` and `false` are taken. */
export function toBool(value: Scalar): Scalar | undefined {
  switch (value.type) {
    case "bool":
      return value;
    case "int":
      return bool(BigInt(value.value) !== 0n);
    case "float":
      return bool(value.value !== 0);
    case "str": {
      const lower = value.value.toLowerCase();
      return lower === "true" ? bool(true) : lower === "false" ? bool(false) : undefined;
    }
    case "null":
      return bool(false);
  }
}
