/** Completes a command line of `sweep`. */
import type { ConfigLocation } from "../../inputs/workspace.ts";
import { SUBCOMMANDS } from "../subcommands.ts";
import { OPTION_SPELLINGS, type OptionInfo, readWords, splitOnce } from "./command-words.ts";

/** `words` are those after the program's name, the last one being typed. Candidates are whole words, in order. */
export async function complete(words: readonly string[]): Promise<string[]> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const candidates = await candidatesFor(typed, before);
  return [...new Set(candidates)].filter((candidate) => candidate.startsWith(typed)).sort();
}

async function candidatesFor(typed: string, before: readonly string[]): Promise<string[]> {
  const subcommand = SUBCOMMANDS.find(({ name }) => name === before[0]);
  if (subcommand?.configName !== undefined) {
    if (typed.startsWith("-")) return [];
    const { completeOverride } = await import("./complete-override.ts");
    const { location, ...words } = readWords(before.slice(1));
    return completeOverride(typed, { ...words, location: { configName: subcommand.configName, ...defined(location) } });
  }
  if (subcommand !== undefined && before.length === 1) return [...subcommand.words];
  if (subcommand !== undefined) {
    if (typed.startsWith("-") || subcommand.composing?.includes(before[1]) !== true) return [];
    const { completeOverride } = await import("./complete-override.ts");
    return completeOverride(typed, readWords(before.slice(2)));
  }
  const command = readWords(before);
  if (command.pending !== undefined) return optionValues(command.pending, command.location);
  if (typed.startsWith("-")) return optionWords(typed);
  const names = before.length > 0 ? [] : SUBCOMMANDS.map(({ name }) => name);
  const { completeOverride } = await import("./complete-override.ts");
  return [...names, ...completeOverride(typed, command)];
}

/** Without what is undefined, which would hide a default. */
function defined(location: ConfigLocation): ConfigLocation {
  return Object.fromEntries(Object.entries(location).filter(([, value]) => value !== undefined));
}

function optionWords(typed: string): string[] {
  const [spelling, value] = splitOnce(typed, "=");
  if (value === undefined) return [...OPTION_SPELLINGS.keys()];
  return (OPTION_SPELLINGS.get(spelling)?.choices ?? []).map((choice) => `${spelling}=${choice}`);
}

/** Nothing for a path: the shell completes files. */
async function optionValues({ name, choices }: OptionInfo, location: ConfigLocation): Promise<string[]> {
  if (name !== "config-name") return [...choices];
  const { openWorkspace } = await import("../../inputs/workspace.ts");
  return openWorkspace(location).composer.groupOptions("");
}
