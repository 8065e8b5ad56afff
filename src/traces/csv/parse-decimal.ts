/** From decimal text to a double. */

/** `ieee` rounds correctly; `pandas` makes the doubles that pandas' default CSV parser makes. */
export type FloatParser = "ieee" | "pandas";

const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,9}))?$/;

/** Every power of ten that a double holds, correctly rounded. */
const POWERS_OF_TEN = Float64Array.from({ length: 309 }, (_, exponent) => Number(`1e${exponent}`));

/** Digits that pandas reads; it skips the rest. */
const PANDAS_DIGITS = 17;

/** The number that `text` spells in decimal, or NaN if it spells none (or infinity). */
export function parseDecimal(text: string, parser: FloatParser): number {
  const match = DECIMAL.exec(text);
  if (match === null) return Number.NaN;
  const [, sign, whole, fraction, exponent] = match;
  if (whole === "" && fraction === "") return Number.NaN;
  const value = parser === "ieee" ? Number(text) : parsePandas(whole, fraction, Number(exponent ?? 0));
  if (!Number.isFinite(value)) return Number.NaN;
  return sign === "-" && parser === "pandas" ? -value : value;
}

/**
 * pandas' `precise_xstrtod`: the first 17 digits, leading zeros among them, are summed up in doubles; one multiplication
 * or division scales the sum. About a fifth of all 17-digit decimals come out one ulp off.
 */
function parsePandas(whole: string, fraction: string, explicitExponent: number): number {
  const digits = whole + fraction;
  const used = Math.min(digits.length, PANDAS_DIGITS);
  let value = 0;
  for (let i = 0; i < used; i++) value = value * 10 + (digits.charCodeAt(i) - 48);
  const skippedWhole = Math.max(0, whole.length - used);
  const usedFraction = Math.max(0, used - whole.length);
  const exponent = explicitExponent - usedFraction + skippedWhole;
  if (exponent > 0) return exponent > 308 ? Number.POSITIVE_INFINITY : value * POWERS_OF_TEN[exponent];
  if (exponent >= -308) return value / POWERS_OF_TEN[-exponent];
  return exponent < -616 ? 0 : value / POWERS_OF_TEN[-308 - exponent] / POWERS_OF_TEN[308];
}
