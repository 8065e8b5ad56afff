/** What the words of an unfinished command line mean, as far as completion needs it. */
import type { ConfigLocation } from "../../inputs/workspace.ts";
import { ANSWERING_OPTIONS, OPTIONS, TWO_LETTER_OPTIONS } from "../options.ts";

export interface OptionInfo {
  readonly name: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

interface DeclaredOption {
  readonly alias?: string;
  readonly type?: string;
  readonly choices?: readonly string[];
}

const DECLARED: Readonly<Record<string, DeclaredOption>> = { ...OPTIONS, ...ANSWERING_OPTIONS };

/** Every spelling: `--name`, and the short ones. */
export const OPTION_SPELLINGS: ReadonlyMap<string, OptionInfo> = new Map(
  Object.entries(DECLARED).flatMap(([name, { alias, type, choices }]) => {
    const info = { name, takesValue: type !== "boolean", choices: choices ?? [] };
    const short = [...TWO_LETTER_OPTIONS].filter(([, long]) => long === `--${name}`).map(([spelling]) => spelling);
    if (alias !== undefined) short.push(`-${alias}`);
    return [`--${name}`, ...short].map((spelling) => [spelling, info] as const);
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
