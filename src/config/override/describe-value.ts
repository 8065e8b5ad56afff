/** A value of the override grammar in words, for messages. */
import { pythonStr } from "../values/python-text.ts";
import type { OverrideValue } from "./value.ts";

export function describe(value: OverrideValue): string {
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
