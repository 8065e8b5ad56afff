/** The functions of the override grammar: casts, sweeps and what rearranges sweeps. */
import { compareText } from "../values/compare.ts";
import { pythonStr } from "../values/python-text.ts";
import { int, type Scalar, str } from "../values/scalar.ts";
import { shuffle, sort } from "./arrange.ts";
import { castInput, castValue, jsonString } from "./casts.ts";
import { describe } from "./describe-value.ts";
import { FunctionError } from "./function-error.ts";
import { toBool, toFloat, toInt } from "./python-numbers.ts";
import {
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
