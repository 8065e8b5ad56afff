/** What the words of an unfinished command line mean, as far as completion needs it. */
import type { ConfigLocation } from "../../inputs/workspace.ts";
import type { OptionTable } from "../option-table.ts";
import { ANSWERING_OPTIONS, OPTIONS } from "../options.ts";

export interface OptionInfo {
  readonly name: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

const DECLARED: OptionTable = { ...OPTIONS, ...ANSWERING_OPTIONS };

/** Every spelling: `--name`, and the short ones. */
export const OPTION_SPELLINGS: ReadonlyMap<string, OptionInfo> = new Map(
  Object.entries(DECLARED).flatMap(([name, option]) => {
    const choices = option.type === "string" ? (option.choices ?? []) : [];
    const info = { name, takesValue: option.type === "string", choices };
    const spellings = option.short === undefined ? [`--${name}`] : [`--${name}`, `-${option.short}`];
    return spellings.map((spelling) => [spelling, info] as const);
  }),
);

export interface CommandWords {
  readonly overrides: readonly string[];
  readonly location: ConfigLocation;
  /** The option whose value comes next, if the last word is one that takes a value. */
  readonly pending: OptionInfo | undefined;
}

export function readWords(words: readonly string[]): CommandWords {
  const overrides: string[] = [];
  const values = new Map<string, string>();
  let pending: OptionInfo | undefined;
  for (const word of words) {
    if (pending !== undefined) {
      values.set(pending.name, word);
      pending = undefined;
      continue;
    }
    const [spelling, value] = splitOnce(word, "=");
    const option = OPTION_SPELLINGS.get(spelling);
    if (option === undefined) {
      if (!word.startsWith("-")) overrides.push(word);
    } else if (option.takesValue) {
      if (value === undefined) pending = option;
      else values.set(option.name, value);
    }
  }
  const location = {
    configName: values.get("config-name"),
    configPath: values.get("config-path"),
    configDir: values.get("config-dir"),
  };
  return { overrides, location, pending };
}

/** The text before the first separator, and the text after it if there is one. */
export function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
