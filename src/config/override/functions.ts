/** The functions of the override grammar: casts, sweeps and what rearranges sweeps. */
import { compareText } from "../values/compare.ts";
import { floatRepr, pythonJsonString, pythonStr } from "../values/python-text.ts";
import { float, int, numericValue, type Scalar, str } from "../values/scalar.ts";
import { FunctionError } from "./function-error.ts";
import { toBool, toFloat, toInt } from "./python-numbers.ts";
import { rangeLength, rangeValue } from "./range.ts";
import {
  type ChoiceSweep,
  dictElement,
  isScalarElement,
  isSweep,
  type NumberElement,
  type OverrideValue,
  type RangeSweep,
  type Sweep,
} from "./value.ts";

type Kind =
  | "any"
  | "element"
  | "number"
  | "bool"
  | "sweep"
  | "choice_or_range"
  | "list"
  | "text"
  | "text_or_list"
  | "text_or_sweep"
  | "sortable";

interface Parameter {
  readonly name: string;
  readonly kind: Kind;
  readonly optional?: boolean;
}

interface Signature {
  /** What each positional argument of a variadic function must be; absent when the function is not variadic. */
  readonly rest?: Kind;
  readonly parameters: readonly Parameter[];
  readonly call: (rest: readonly OverrideValue[], named: ReadonlyMap<string, OverrideValue>) => OverrideValue;
}

const CAST_PARAMETER: readonly Parameter[] = [{ name: "value", kind: "any", optional: true }];

const FUNCTIONS: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ["bool", castFunction("bool", (value) => toBool(value))],
  ["choice", { rest: "element", parameters: [], call: (rest) => choice(rest) }],
  ["extend_list", { rest: "any", parameters: [], call: (rest) => ({ type: "list_extension", items: rest }) }],
  ["float", castFunction("float", (value) => toFloat(value))],
  [
    "glob",
    {
      parameters: [
        { name: "include", kind: "text_or_list" },
        { name: "exclude", kind: "text_or_list", optional: true },
      ],
      call: (_, named) => ({
        type: "glob",
        include: patterns(named.get("include")),
        exclude: patterns(named.get("exclude")),
      }),
    },
  ],
  ["int", castFunction("int", (value) => toInt(value))],
  [
    "interval",
    {
      parameters: [
        { name: "start", kind: "number" },
        { name: "end", kind: "number" },
      ],
      call: (_, named) => ({
        type: "interval_sweep",
        tags: [],
        start: floatBound(named.get("start")!),
        end: floatBound(named.get("end")!),
      }),
    },
  ],
  ["json_str", { rest: "any", parameters: CAST_PARAMETER, call: (rest, named) => jsonString(castInput(rest, named)) }],
  [
    "range",
    {
      parameters: [
        { name: "start", kind: "number" },
        { name: "stop", kind: "number", optional: true },
        { name: "step", kind: "number", optional: true },
      ],
      call: (_, named) => range(named),
    },
  ],
  [
    "shuffle",
    {
      rest: "sortable",
      parameters: [
        { name: "sweep", kind: "choice_or_range", optional: true },
        { name: "list", kind: "list", optional: true },
      ],
      call: (rest, named) => shuffle(named.get("list") ?? named.get("sweep"), rest),
    },
  ],
  [
    "sort",
    {
      rest: "sortable",
      parameters: [
        { name: "sweep", kind: "choice_or_range", optional: true },
        { name: "list", kind: "list", optional: true },
        { name: "reverse", kind: "bool", optional: true },
      ],
      call: (rest, named) => sort(named.get("list") ?? named.get("sweep"), rest, isTrue(named.get("reverse"))),
    },
  ],
  ["str", castFunction("str", (value) => str(value.type === "bool" ? String(value.value) : pythonStr(value)))],
  [
    "tag",
    {
      rest: "text_or_sweep",
      parameters: [{ name: "sweep", kind: "sweep", optional: true }],
      call: (rest, named) => tag(rest, named.get("sweep")),
    },
  ],
]);

export const FUNCTION_NAMES: readonly string[] = [...FUNCTIONS.keys()];

/**
 * Calls a function of the grammar.
 * @throws {FunctionError} when the name is unknown or the arguments do not fit.
 */
export function callFunction(
  name: string,
  positional: readonly OverrideValue[],
  keywords: readonly (readonly [string, OverrideValue])[],
): OverrideValue {
  const signature = FUNCTIONS.get(name);
  if (signature === undefined) throw new FunctionError(`unknown function '${name}'`);
  const rest: OverrideValue[] = [];
  const named = new Map<string, OverrideValue>();
  for (const [index, argument] of positional.entries()) {
    const value = withoutQuotes(argument);
    if (signature.rest !== undefined) {
      requireKind(value, signature.rest, `argument ${index + 1}`);
      rest.push(value);
      continue;
    }
    const parameter = signature.parameters[index];
    if (parameter === undefined) throw new FunctionError("too many arguments");
    named.set(parameter.name, value);
  }
  for (const [key, argument] of keywords) {
    if (!signature.parameters.some((parameter) => parameter.name === key)) {
      throw new FunctionError(`there is no argument '${key}'`);
    }
    if (named.has(key)) throw new FunctionError(`argument '${key}' is given twice`);
    named.set(key, withoutQuotes(argument));
  }
  for (const parameter of signature.parameters) {
    const value = named.get(parameter.name);
    if (value === undefined) {
      if (parameter.optional !== true) throw new FunctionError(`argument '${parameter.name}' is missing`);
    } else if (value.type === "null" && parameter.optional === true && parameter.kind !== "bool") {
      named.delete(parameter.name);
    } else {
      requireKind(value, parameter.kind, `argument '${parameter.name}'`);
    }
  }
  return signature.call(rest, named);
}

function castFunction(target: string, cast: (value: Scalar) => Scalar | undefined): Signature {
  return {
    rest: "any",
    parameters: CAST_PARAMETER,
    call: (rest, named) => castValue(castInput(rest, named), target, cast),
  };
}

/** Casts go through lists, dict values and sweeps; ranges and intervals take only numbers. */
function castValue(value: OverrideValue, target: string, cast: (value: Scalar) => Scalar | undefined): OverrideValue {
  const recurse = (item: OverrideValue): OverrideValue => castValue(item, target, cast);
  switch (value.type) {
    case "list":
      return { type: "list", items: value.items.map(recurse) };
    case "dict":
      return dictElement(value.entries.map(([key, item]) => [key, recurse(item)] as const));
    case "choice_sweep":
      return { ...value, shuffle: false, tags: [], list: value.list.map(recurse) };
    case "range_sweep":
      if (target !== "int" && target !== "float") throw new FunctionError("a range can only be cast to int or float");
      return {
        type: "range_sweep",
        shuffle: false,
        tags: [],
        start: recurse(value.start) as NumberElement,
        stop: recurse(value.stop) as NumberElement,
        step: recurse(value.step) as NumberElement,
      };
    case "interval_sweep":
      if (target !== "int" && target !== "float") throw new FunctionError(`an interval cannot be cast to ${target}`);
      return { ...value, start: recurse(value.start) as NumberElement, end: recurse(value.end) as NumberElement };
    case "glob":
    case "list_extension":
    case "null":
      throw new FunctionError(`${describe(value)} cannot be cast to ${target}`);
    default: {
      const result = cast(value);
      if (result === undefined) throw new FunctionError(`${describe(value)} cannot be cast to ${target}`);
      return result;
    }
  }
}

function castInput(rest: readonly OverrideValue[], named: ReadonlyMap<string, OverrideValue>): OverrideValue {
  const value = named.get("value");
  if (rest.length > 0 && value !== undefined) {
    throw new FunctionError("positional arguments and 'value' exclude each other");
  }
  if (value !== undefined) return value;
  if (rest.length === 0) throw new FunctionError("a value is missing");
  return rest.length === 1 ? rest[0]! : simpleChoice(rest);
}

function jsonString(value: OverrideValue): OverrideValue {
  if (value.type === "choice_sweep") {
    return { ...value, shuffle: false, tags: [], list: value.list.map((item) => str(json(item))) };
  }
  return str(json(value));
}

function json(value: OverrideValue): string {
  switch (value.type) {
    case "null":
      return "null";
    case "bool":
    case "int":
      return String(value.value);
    case "float":
      return jsonFloat(value.value);
    case "str":
      return pythonJsonString(value.value);
    case "list":
      return `[${value.items.map(json).join(", ")}]`;
    case "dict":
      return `{${value.entries.map(([key, item]) => `${pythonJsonString(jsonKey(key))}: ${json(item)}`).join(", ")}}`;
    default:
      throw new FunctionError(`${describe(value)} cannot be cast to json_str`);
  }
}

function jsonKey(key: Scalar): string {
  if (key.type === "str") return key.value;
  return key.type === "float" ? jsonFloat(key.value) : String(key.type === "null" ? null : key.value);
}

function jsonFloat(value: number): string {
  if (Number.isFinite(value)) return floatRepr(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

function choice(values: readonly OverrideValue[]): OverrideValue {
  const first = values[0];
  if (first === undefined) throw new FunctionError("an empty choice is not allowed");
  if (values.length === 1 && first.type === "choice_sweep") {
    if (!first.simpleForm) throw new FunctionError("choices cannot be nested");
    return { ...first, simpleForm: false };
  }
  return { type: "choice_sweep", simpleForm: false, shuffle: false, tags: [], list: values };
}

function range(named: ReadonlyMap<string, OverrideValue>): RangeSweep {
  const start = named.get("start") as NumberElement;
  const stop = named.get("stop") as NumberElement | undefined;
  const zero = int(0) as NumberElement;
  return {
    type: "range_sweep",
    shuffle: false,
    tags: [],
    start: stop === undefined ? zero : start,
    stop: stop ?? start,
    step: (named.get("step") as NumberElement | undefined) ?? (int(1) as NumberElement),
  };
}

function shuffle(given: OverrideValue | undefined, rest: readonly OverrideValue[]): OverrideValue {
  const values = given === undefined ? rest : [given];
  const only = values[0];
  if (values.length === 1 && only !== undefined) {
    if (only.type === "choice_sweep" || only.type === "range_sweep") return { ...only, shuffle: true };
    return only.type === "list" ? only : { type: "list", items: [only] };
  }
  return { ...simpleChoice(values), shuffle: true };
}

function sort(given: OverrideValue | undefined, rest: readonly OverrideValue[], reverse: boolean): OverrideValue {
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

function tag(rest: readonly OverrideValue[], named: OverrideValue | undefined): Sweep {
  if (rest.length === 0) throw new FunctionError("a sweep is missing");
  const values = named === undefined ? rest : [...rest, named];
  const last = values[values.length - 1]!;
  if (!isSweep(last) || last.type === "glob") {
    throw new FunctionError("the last argument must be a choice(), range() or interval()");
  }
  const tags = new Set<string>();
  for (const value of values.slice(0, -1)) {
    if (value.type !== "str") throw new FunctionError(`a tag must be text, not ${describe(value)}`);
    tags.add(value.value);
  }
  return { ...last, tags: [...tags].sort(compareText) };
}

function simpleChoice(values: readonly OverrideValue[]): ChoiceSweep {
  if (values.some((value) => isSweep(value) || value.type === "list_extension")) {
    throw new FunctionError("a sweep cannot be one of several values");
  }
  return { type: "choice_sweep", simpleForm: true, shuffle: false, tags: [], list: values };
}

function patterns(value: OverrideValue | undefined): string[] {
  if (value === undefined) return [];
  const items = value.type === "list" ? value.items : [value];
  return items.map((item) => {
    if (item.type !== "str") throw new FunctionError(`a pattern must be text, not ${describe(item)}`);
    return item.value;
  });
}

function floatBound(value: OverrideValue): NumberElement {
  return toFloat(value as NumberElement) as NumberElement;
}

function isTrue(value: OverrideValue | undefined): boolean {
  return value?.type === "bool" && value.value;
}

function withoutQuotes(value: OverrideValue): OverrideValue {
  return value.type === "str" && value.quote !== undefined ? str(value.value) : value;
}

function requireKind(value: OverrideValue, kind: Kind, what: string): void {
  if (!isOfKind(value, kind)) throw new FunctionError(`${what} cannot be ${describe(value)}`);
}

function isOfKind(value: OverrideValue, kind: Kind): boolean {
  const element = value.type === "list" || value.type === "dict" || (isScalarElement(value) && value.type !== "null");
  switch (kind) {
    case "any":
      return true;
    case "element":
      return element || value.type === "choice_sweep";
    case "sortable":
      return element || value.type === "choice_sweep" || value.type === "range_sweep";
    case "number":
      return value.type === "int" || value.type === "float" || value.type === "bool";
    case "bool":
      return value.type === "bool";
    case "list":
      return value.type === "list";
    case "text":
      return value.type === "str";
    case "text_or_list":
      return value.type === "str" || value.type === "list";
    case "sweep":
      return isSweep(value) && value.type !== "glob";
    case "text_or_sweep":
      return value.type === "str" || (isSweep(value) && value.type !== "glob");
    case "choice_or_range":
      return value.type === "choice_sweep" || value.type === "range_sweep";
  }
}

function describe(value: OverrideValue): string {
  switch (value.type) {
    case "null":
      return "null";
    case "str":
      return `the text '${value.value}'`;
    case "bool":
    case "int":
    case "float":
      return `the number ${pythonStr(value)}`;
    case "list":
      return "a list";
    case "dict":
      return "a dict";
    case "list_extension":
      return "extend_list()";
    case "choice_sweep":
      return "a choice";
    case "range_sweep":
      return "a range";
    case "interval_sweep":
      return "an interval";
    case "glob":
      return "a glob";
  }
}
