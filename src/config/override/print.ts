/** Writes override values back as text that parses to the same value. */
import { ConfigError } from "../../errors.ts";
import { pythonStr } from "../values/python-text.ts";
import type { OverrideValue, TextElement } from "./value.ts";

/** The text right of `=` that stands for a value. Numbers and booleans print as Python prints them. */
export function printValue(value: OverrideValue): string {
  switch (value.type) {
    case "null":
      return "null";
    case "str":
      return value.quote === undefined ? escapeSpecialCharacters(value.value) : printQuoted(value);
    case "bool":
    case "int":
    case "float":
      return pythonStr(value);
    case "list":
      return `[${value.items.map(printValue).join(",")}]`;
    case "dict":
      return `{${value.entries.map(([key, item]) => `${printValue(key)}:${printValue(item)}`).join(",")}}`;
    case "list_extension":
      return `{values:[${value.items.map(printValue).join(",")}]}`;
    default:
      throw new ConfigError("nested_sweep", "A sweep inside a list, a dict or another sweep cannot be expanded.", {
        hint: "Sweep over whole values instead, e.g. key=[1,2],[1,3].",
      });
  }
}

/** Puts a backslash before each character that unquoted text cannot hold as it is. */
export function escapeSpecialCharacters(text: string): string {
  return text.replace(/[\\()[\]{}:=, \t]/g, "\\$&");
}

function printQuoted(element: TextElement): string {
  const quote = element.quote === "single" ? "'" : '"';
  let out = "";
  let backslashes = 0;
  for (const char of element.value) {
    if (char === "\\") {
      backslashes++;
      continue;
    }
    out += "\\".repeat(char === quote ? 2 * backslashes + 1 : backslashes) + char;
    backslashes = 0;
  }
  return `${quote}${out}${"\\".repeat(2 * backslashes)}${quote}`;
}
