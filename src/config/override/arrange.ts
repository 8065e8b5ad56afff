/** `sort()` and `shuffle()` of lists and sweeps. */
import { compareText } from "../values/compare.ts";
import { float, int, numericValue } from "../values/scalar.ts";
import { describe } from "./describe-value.ts";
import { FunctionError } from "./function-error.ts";
import { rangeLength, rangeValue } from "./range.ts";
import {
  type ChoiceSweep,
  isScalarElement,
  isSweep,
  type NumberElement,
  type OverrideValue,
  type RangeSweep,
} from "./value.ts";

/** `shuffle(...)`: marks a sweep; its order is drawn when it is expanded. */
export function shuffle(given: OverrideValue | undefined, rest: readonly OverrideValue[]): OverrideValue {
  const values = given === undefined ? rest : [given];
  const only = values[0];
  if (values.length === 1 && only !== undefined) {
    if (only.type === "choice_sweep" || only.type === "range_sweep") return { ...only, shuffle: true };
    return only.type === "list" ? only : { type: "list", items: [only] };
  }
  return { ...simpleChoice(values), shuffle: true };
}

/** `sort(...)`: of a list, of a sweep, or of several values, which become a sweep. */
export function sort(
  given: OverrideValue | undefined,
  rest: readonly OverrideValue[],
  reverse: boolean,
): OverrideValue {
  const values = given === undefined ? rest : [given];
  const only = values[0];
  if (only === undefined) throw new FunctionError("there is nothing to sort");
  if (values.length === 1) {
    if (only.type === "choice_sweep") return { ...only, list: sorted(only.list, reverse) };
    if (only.type === "range_sweep") return sortRange(only, reverse);
    return only.type === "list" ? { type: "list", items: sorted(only.items, reverse) } : only;
  }
  if (!values.every(isScalarElement)) throw new FunctionError("only numbers and text can be sorted");
  const list = simpleChoice(values);
  return { ...list, list: sorted(list.list, reverse) };
}

function sorted(values: readonly OverrideValue[], reverse: boolean): OverrideValue[] {
  const sign = reverse ? -1 : 1;
  return [...values].sort((a, b) => sign * compareElements(a, b));
}

function compareElements(a: OverrideValue, b: OverrideValue): number {
  const quoted = (value: OverrideValue): boolean => value.type === "str" && value.quote !== undefined;
  if (isScalarElement(a) && isScalarElement(b) && !quoted(a) && !quoted(b)) {
    if (a.type === "str" && b.type === "str") return compareText(a.value, b.value);
    const x = numericValue(a);
    const y = numericValue(b);
    if (x !== undefined && y !== undefined) return x < y ? -1 : x > y ? 1 : 0;
  }
  throw new FunctionError(`${describe(a)} and ${describe(b)} cannot be ordered`);
}

/** A range in the other direction has the same values: it starts at the last one and steps back past the first. */
function sortRange(sweep: RangeSweep, reverse: boolean): RangeSweep {
  const step = numericValue(sweep.step)!;
  if (step > 0 !== reverse) return sweep;
  const count = rangeLength(sweep);
  if (!Number.isFinite(count)) throw new FunctionError("an endless range cannot be sorted");
  if (count < 2) return sweep;
  const last = rangeValue(sweep, count - 1);
  const negated = negate(sweep.step);
  if (last.type === "int") {
    return {
      ...sweep,
      start: last,
      stop: int(BigInt(numericValue(sweep.start)!) - BigInt(step)) as NumberElement,
      step: negated,
    };
  }
  // Half a step beyond the first value, so that rounding cannot drop or add one.
  const stop = Number(numericValue(sweep.start)) - Number(step) / 2;
  return { ...sweep, start: last, stop: float(stop) as NumberElement, step: negated };
}

function negate(value: NumberElement): NumberElement {
  const number = numericValue(value)!;
  return (value.type === "float" ? float(-Number(number)) : int(-BigInt(number))) as NumberElement;
}

/** Several values as a sweep over them. @throws {FunctionError} when one of them is a sweep itself. */
export function simpleChoice(values: readonly OverrideValue[]): ChoiceSweep {
  if (values.some((value) => isSweep(value) || value.type === "list_extension")) {
    throw new FunctionError("a sweep cannot be one of several values");
  }
  return { type: "choice_sweep", simpleForm: true, shuffle: false, tags: [], list: values };
}
