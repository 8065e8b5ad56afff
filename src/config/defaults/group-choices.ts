/** The group choices of one composition: what the command line and `override` entries ask for, and what was met. */

import { ConfigError } from "../../errors.ts";
import { didYouMean } from "../../suggest.ts";
import { type Override, overrideKey } from "../override/value.ts";
import { positionOf } from "../sources/config-file.ts";
import type { DefaultEntry } from "../sources/default-entry.ts";
import { groupEntry } from "../sources/default-entry.ts";
import type { ConfigRepository } from "../sources/repository.ts";
import type { Origin } from "../tree/origin.ts";
import { compareText } from "../values/compare.ts";
import { bringingOptions } from "./bringing-options.ts";
import { entryName, groupPath, overrideKeyOf, type PlacedEntry, configPath as pathOf } from "./entry-paths.ts";

type Option = string | readonly string[] | null;

interface RequestedChoice {
  readonly option: Option;
  /** The override of the command line, or the config whose defaults list overrides. */
  readonly source:
    | { readonly override: string }
    | { readonly config: string; readonly written: string; readonly origin: Origin };
  used: boolean;
}

export class GroupChoices {
  readonly requested = new Map<string, RequestedChoice>();
  readonly deletions = new Map<string, { readonly option: string | null; readonly text: string; used: boolean }>();
  /** Entries that `+group=option` adds to the primary config. */
  readonly appended: DefaultEntry[] = [];
  /** Options of the groups met, by override key, in the order of the (reverse) traversal. */
  readonly known = new Map<string, string | null>();
  readonly keysOfGroup = new Map<string, Set<string>>();

  /** Registers an `override` entry; of several the one met first counts, which is the last in depth-first order. */
  requestFromConfig(placed: PlacedEntry, config: string): void {
    const key = overrideKeyOf(placed);
    if (this.requested.has(key)) return;
    const written = `${placed.entry.path}${placed.entry.package === undefined ? "" : `@${placed.entry.package}`}: ${placed.option}`;
    this.requested.set(key, {
      option: placed.option ?? null,
      source: { config, written, origin: placed.entry.origin },
      used: false,
    });
  }

  isRequested(placed: PlacedEntry, eligible: ReadonlySet<string> | undefined): boolean {
    if (placed.entry.kind !== "group") return false;
    const key = overrideKeyOf(placed);
    return this.requested.has(key) && (eligible === undefined || eligible.has(key));
  }

  apply(placed: PlacedEntry): void {
    const choice = this.requested.get(overrideKeyOf(placed));
    if (choice === undefined) return;
    placed.option = choice.option;
    placed.chosenBy = "override" in choice.source ? choice.source.override : undefined;
    choice.used = true;
  }

  isDeleted(placed: PlacedEntry): boolean {
    const deletion = this.deletions.get(deletionKey(placed));
    if (deletion === undefined) return false;
    return deletion.option === null || (placed.entry.kind === "group" && deletion.option === entryName(placed));
  }

  delete(placed: PlacedEntry): void {
    placed.deleted = true;
    const deletion = this.deletions.get(deletionKey(placed));
    if (deletion !== undefined) deletion.used = true;
  }

  /** @throws {ConfigError} `multiple_values_for_group` */
  meet(placed: PlacedEntry): void {
    if (placed.entry.kind !== "group") return;
    const key = overrideKeyOf(placed);
    const name = entryName(placed);
    const previous = this.known.get(key);
    if (previous === undefined && !this.known.has(key)) this.known.set(key, name);
    else if (previous !== name) {
      throw new ConfigError(
        "multiple_values_for_group",
        `The group '${key}' is chosen twice: '${name ?? "null"}' and '${previous ?? "null"}'.`,
        {
          position: positionOf(placed.entry.origin),
          hint: `To replace a choice write 'override ${key}: ${previous ?? "null"}' in a defaults list, or ${key}=... on the command line.`,
        },
      );
    }
    const group = groupPath(placed);
    const keys = this.keysOfGroup.get(group) ?? new Set();
    this.keysOfGroup.set(group, keys.add(key));
  }

  /** Choices and deletions that met nothing. */
  unusedErrors(repository: ConfigRepository): ConfigError[] {
    const errors: ConfigError[] = [];
    for (const [key, choice] of this.requested)
      if (!choice.used) errors.push(this.unusedChoice(key, choice, repository));
    for (const [key, deletion] of this.deletions) {
      if (deletion.used) continue;
      errors.push(
        new ConfigError(
          "delete_default_no_match",
          `Cannot apply '${deletion.text}': '${key}' is not in the defaults list.`,
          {
            hint: this.candidatesHint(key) ?? didYouMean(key, [...this.known.keys(), ...repository.groups("")]),
          },
        ),
      );
    }
    return errors;
  }

  private unusedChoice(key: string, choice: RequestedChoice, repository: ConfigRepository): ConfigError {
    const { source } = choice;
    if ("config" in source) {
      return new ConfigError(
        "defaults_override_no_match",
        `In '${source.config}': 'override ${source.written}' matches no earlier entry for '${key}' in the defaults list.`,
        { position: positionOf(source.origin), hint: didYouMean(key, this.known.keys()) },
      );
    }
    const add = `To add it to the defaults list write +${source.override}`;
    const candidates = this.candidatesHint(key);
    const bringers = candidates === undefined ? bringersHint(key, repository) : undefined;
    return new ConfigError(
      "group_override_no_match",
      `Cannot apply '${source.override}': '${key}' is not in the defaults list.`,
      {
        hint: bringers ?? (candidates === undefined ? `${add}.` : `${candidates} ${add}.`),
      },
    );
  }

  private candidatesHint(key: string): string | undefined {
    const keys = [...(this.keysOfGroup.get(key.split("@")[0]!) ?? [])].sort(compareText);
    return keys.length === 0 ? undefined : `Did you mean ${keys.join(" or ")}?`;
  }
}

function bringersHint(key: string, repository: ConfigRepository): string | undefined {
  const options = bringingOptions(repository, key);
  return options.length === 0 ? undefined : `Choose ${options.join(" or ")} as well, which brings it.`;
}

/**
 * Sorts the overrides of a command line into choices of groups and edits of values: a key that is a config group
 * chooses an option, unless its value is a dict.
 * @throws {ConfigError} `force_add_group`, `bad_group_override_value`.
 */
export function classifyOverrides(
  overrides: readonly Override[],
  repository: ConfigRepository,
): { choices: GroupChoices; edits: Override[] } {
  const choices = new GroupChoices();
  const edits: Override[] = [];
  for (const override of overrides) {
    const isGroup = repository.isGroup(override.key);
    const isConfig = !isGroup && override.type === "del" && repository.isConfig(override.key);
    if (override.type === "del" && (isGroup || isConfig)) requestDeletion(override, choices);
    else if (!isGroup || override.value.type === "dict") edits.push(override);
    else requestChoice(override, choices);
  }
  return { choices, edits };
}

/** Whether an override takes part in choosing configs, so that it must be part of a cache key. */
export function affectsDefaults(override: Override, repository: ConfigRepository): boolean {
  if (override.key === "hydra.searchpath" || repository.isGroup(override.key)) return true;
  return override.type === "del" && repository.isConfig(override.key);
}

function requestDeletion(override: Override, choices: GroupChoices): void {
  const { value } = override;
  if (value.type !== "str" && value.type !== "null") throw badValue(override);
  const key = overrideKey(override).slice(1);
  choices.deletions.set(key, { option: value.type === "str" ? value.value : null, text: override.text, used: false });
}

function requestChoice(override: Override, choices: GroupChoices): void {
  if (override.type === "force_add") {
    throw new ConfigError("force_add_group", `Cannot apply '${override.text}': a config group cannot be force-added.`, {
      hint: `Use ${override.text.slice(1)} to add, or ${override.text.slice(2)} to change the choice.`,
    });
  }
  const option = optionOf(override);
  if (override.key === "") {
    throw new ConfigError("group_override_no_match", `Cannot apply '${override.text}': the key is empty.`);
  }
  if (override.type === "add") {
    choices.appended.push(
      groupEntry(
        override.key,
        option,
        { kind: "override", text: override.text, index: -1 },
        { package: override.package, external: true },
      ),
    );
    return;
  }
  choices.requested.set(overrideKey(override), { option, source: { override: override.text }, used: false });
}

function optionOf(override: Override): Option {
  const { value } = override;
  if (value.type === "str") return value.value;
  if (value.type !== "list") throw badValue(override);
  return value.items.map((item) => {
    if (item.type !== "str") throw badValue(override);
    return item.value;
  });
}

function badValue(override: Override): ConfigError {
  const { value } = override;
  const example =
    value.type === "int" || value.type === "float" ? ` Quote a number: ${override.key}="'${value.value}'".` : "";
  const removal = value.type === "null" ? ` To remove the group write ~${override.key}.` : "";
  return new ConfigError(
    "bad_group_override_value",
    `Cannot apply '${override.text}': the option of the config group '${override.key}' must be a name or a list of names, not ${describeValue(value.type)}.`,
    { hint: `${example}${removal}`.trim() || "Values below the group are set with dots: group.key=value." },
  );
}

function describeValue(type: string): string {
  return type === "null" ? "null" : type === "list" ? "a list of other things" : `a value of type ${type}`;
}

function deletionKey(placed: PlacedEntry): string {
  return placed.entry.kind === "group" ? overrideKeyOf(placed) : pathOf(placed);
}
