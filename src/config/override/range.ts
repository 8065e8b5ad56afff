/**
 * Values of `range(...)`. Three integers step exactly; anything else steps in decimal arithmetic on the shortest
 * decimal text of each number, so that range(0.2,1,0.2) yields 0.6 and not 0.6000000000000001.
 */
import { float, int, numericValue } from "../values/scalar.ts";
import { FunctionError } from "./function-error.ts";
import type { NumberElement, RangeSweep } from "./value.ts";

interface Decimal {
  readonly digits: bigint;
  /** The value is digits / 10^scale. */
  readonly scale: number;
}

/** Number of values; infinite for an endless range. @throws {FunctionError} when the step is zero. */
export function rangeLength(sweep: RangeSweep): number {
  const bounds = [sweep.start, sweep.stop, sweep.step].map((value) => Number(numericValue(value)));
  const [start, stop, step] = bounds as [number, number, number];
  if (step === 0) throw new FunctionError("the step of a range must not be zero");
  if (bounds.some(Number.isNaN)) return 0;
  if (!(step > 0 ? start < stop : start > stop)) return 0;
  if (!Number.isFinite(stop) || !Number.isFinite(start)) return Number.POSITIVE_INFINITY;
  if (!Number.isFinite(step)) return 1;
  const [a, b, s] = sameScale([sweep.start, sweep.stop, sweep.step]);
  const distance = s > 0n ? b - a : a - b;
  const stride = s > 0n ? s : -s;
  return Number((distance + stride - 1n) / stride);
}

/** The value at `index`, which must be below `rangeLength`. */
export function rangeValue(sweep: RangeSweep, index: number): NumberElement {
  const start = numericValue(sweep.start)!;
  if (isIntegerRange(sweep)) {
    return int(BigInt(start) + BigInt(index) * BigInt(numericValue(sweep.step)!)) as NumberElement;
  }
  if (index === 0) return float(Number(start)) as NumberElement;
  if (!Number.isFinite(Number(start))) return float(Number(start)) as NumberElement;
  const scaled = scaledTo([sweep.start, sweep.step]);
  return float(Number(`${scaled.values[0]! + BigInt(index) * scaled.values[1]!}e-${scaled.scale}`)) as NumberElement;
}

function isIntegerRange(sweep: RangeSweep): boolean {
  return sweep.start.type !== "float" && sweep.stop.type !== "float" && sweep.step.type !== "float";
}

function sameScale(values: readonly NumberElement[]): [bigint, bigint, bigint] {
  return scaledTo(values).values as [bigint, bigint, bigint];
}

function scaledTo(values: readonly NumberElement[]): { values: bigint[]; scale: number } {
  const decimals = values.map(toDecimal);
  const scale = Math.max(...decimals.map((decimal) => decimal.scale));
  return { values: decimals.map((decimal) => decimal.digits * 10n ** BigInt(scale - decimal.scale)), scale };
}

function toDecimal(value: NumberElement): Decimal {
  const number = numericValue(value)!;
  if (value.type !== "float") return { digits: BigInt(number), scale: 0 };
  const [mantissa, exponentText] = Number(number).toExponential().split("e") as [string, string];
  const fraction = mantissa.split(".")[1] ?? "";
  const scale = fraction.length - Number(exponentText);
  const digits = BigInt(mantissa.replace(".", ""));
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}
