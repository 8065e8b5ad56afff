/** The casts of the override grammar: `int()`, `float()`, `str()`, `bool()` and `json_str()`. */
import { floatRepr, pythonJsonString } from "../values/python-text.ts";
import { type Scalar, str } from "../values/scalar.ts";
import { simpleChoice } from "./arrange.ts";
import { describe } from "./describe-value.ts";
import { FunctionError } from "./function-error.ts";
import { dictElement, type NumberElement, type OverrideValue } from "./value.ts";

/** Casts go through lists, dict values and sweeps; ranges and intervals take only numbers. */
export function castValue(
  value: OverrideValue,
  target: string,
  cast: (value: Scalar) => Scalar | undefined,
): OverrideValue {
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

export function castInput(rest: readonly OverrideValue[], named: ReadonlyMap<string, OverrideValue>): OverrideValue {
  const value = named.get("value");
  if (rest.length > 0 && value !== undefined) {
    throw new FunctionError("positional arguments and 'value' exclude each other");
  }
  if (value !== undefined) return value;
  if (rest.length === 0) throw new FunctionError("a value is missing");
  return rest.length === 1 ? rest[0]! : simpleChoice(rest);
}

export function jsonString(value: OverrideValue): OverrideValue {
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
