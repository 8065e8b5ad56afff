/**
 * Builds the defaults tree of a composition: the primary config with everything its defaults lists name, depth first.
 * It is walked backwards, so that an `override` entry is known before the entry that it overrides.
 */
import { ConfigError, throwTogether } from "../../errors.ts";
import { suggest } from "../../suggest.ts";
import { checkPath, type LoadedConfig, positionOf } from "../sources/config-file.ts";
import { configEntry, type DefaultEntry, isSelf } from "../sources/default-entry.ts";
import type { ConfigRepository } from "../sources/repository.ts";
import { BUILT_IN } from "../tree/origin.ts";
import {
  absoluteHeader,
  configPath,
  entryName,
  finalPackage,
  groupPath,
  isInterpolated,
  isMissingChoice,
  overrideKeyOf,
  type PlacedEntry,
  place,
} from "./entry-paths.ts";
import type { GroupChoices } from "./group-choices.ts";
import { resolveChoiceReferences } from "./interpolated-entry.ts";

const MAX_DEPTH = 60;

export interface TreeNode {
  /** Undefined for the root above the primary config and for a config's own values (`_self_`). */
  readonly placed: PlacedEntry | undefined;
  readonly isSelf: boolean;
  readonly parent: TreeNode | undefined;
  loaded: LoadedConfig | undefined;
  /** Undefined for a config without defaults list. */
  children: TreeNode[] | undefined;
}

export interface TreeOptions {
  /** Leave out groups whose option is `???` instead of refusing them (while a sweep may still choose). */
  readonly skipMissing: boolean;
}

export class DefaultsTreeBuilder {
  readonly repository: ConfigRepository;
  readonly choices: GroupChoices;
  readonly options: TreeOptions;
  /** Mistakes that do not keep the rest of the tree from being checked. */
  readonly errors: ConfigError[] = [];
  /** Interpolated entries with the overrides that may still reach them. */
  readonly deferred = new Map<TreeNode, ReadonlySet<string>>();

  constructor(repository: ConfigRepository, choices: GroupChoices, options: TreeOptions) {
    this.repository = repository;
    this.choices = choices;
    this.options = options;
  }

  /**
   * The tree below a root with the built-in `hydra/config` and the primary config (null: an empty one).
   * @throws {ConfigError} with every config that cannot be found in `others`.
   */
  build(configName: string | null): TreeNode {
    const root: TreeNode = { placed: undefined, isSelf: false, parent: undefined, loaded: undefined, children: [] };
    const primaryNode = leaf(place(configEntry(configName ?? EMPTY_CONFIG, BUILT_IN), "", "", true), root);
    const hydraNode = leaf(place(configEntry("hydra/config", BUILT_IN), "", ""), root);
    root.children = [hydraNode, primaryNode];
    if (configName !== null && !this.repository.isConfig(configName)) throw this.primaryNotFound(configName);
    this.expand(primaryNode, { interpolated: false, eligible: undefined, depth: 0 });
    this.expand(hydraNode, { interpolated: false, eligible: undefined, depth: 0 });
    this.expandDeferred(root);
    throwTogether(this.errors);
    return root;
  }

  private expand(node: TreeNode, context: ExpandContext): void {
    const placed = node.placed!;
    if (context.depth > MAX_DEPTH) throw cycleError(node);
    const missing = isMissingChoice(placed);
    if (!missing) placed.header = absoluteHeader(this.load(placed)?.packageHeader);
    if (this.choices.isDeleted(placed)) {
      this.choices.delete(placed);
      return;
    }
    this.choices.meet(placed);
    if (placed.entry.kind === "group" && placed.option === null) return;
    if (missing) {
      if (!this.options.skipMissing) this.errors.push(this.missingChoice(placed));
      return;
    }
    const loaded = this.load(placed);
    if (loaded === undefined) {
      placed.deleted = true;
      if (!placed.entry.optional) this.errors.push(this.notFound(node));
      return;
    }
    node.loaded = loaded;
    this.expandList(node, loaded, context);
  }

  private expandList(node: TreeNode, loaded: LoadedConfig, context: ExpandContext): void {
    const parent = node.placed!;
    const appended = parent.primary ? this.choices.appended : [];
    const path = configPath(parent);
    const entries = withSelf(loaded.defaults, path, appended.length > 0);
    const placedEntries = [...entries, ...appended].map((entry) => this.placeBelow(entry, parent));
    for (const { entry } of placedEntries) checkEntryPaths(entry.path, entry.option, path, entry);
    checkOverridesLast(placedEntries, path, context.interpolated);
    const children: TreeNode[] = [];
    for (const placed of placedEntries.reverse()) {
      if (isSelf(placed.entry)) children.push({ ...leaf(placed, node), isSelf: true });
      else if (placed.entry.override) this.choices.requestFromConfig(placed, path);
      else this.expandEntry(placed, node, children, context);
    }
    if (children.length > 0) node.children = children.reverse();
  }

  private expandEntry(placed: PlacedEntry, parent: TreeNode, children: TreeNode[], context: ExpandContext): void {
    if (this.choices.isRequested(placed, context.eligible)) this.choices.apply(placed);
    const listedIn = configPath(parent.placed!);
    checkEntryPaths(placed.path, placed.option, listedIn, placed.entry);
    const below = { ...context, depth: context.depth + 1 };
    if (Array.isArray(placed.option)) {
      for (const name of [...(placed.option as readonly string[])].reverse()) {
        const child = leaf(this.optionOfList(placed, name, parent), parent);
        children.push(child);
        this.expand(child, below);
      }
      return;
    }
    const child = leaf(placed, parent);
    children.push(child);
    if (isInterpolated(placed)) this.deferred.set(child, context.eligible ?? new Set(this.choices.requested.keys()));
    else this.expand(child, below);
  }

  /** One name of `group: [a, b]`, which stands like the config path `group/a`. */
  private optionOfList(placed: PlacedEntry, name: string, parent: TreeNode): PlacedEntry {
    const { entry } = placed;
    if (name.includes("${")) {
      throw new ConfigError(
        "defaults_interpolation_error",
        `In '${configPath(parent.placed!)}': '${name}' in a list of options cannot be an interpolation.`,
        {
          position: positionOf(entry.origin),
        },
      );
    }
    const listed = configEntry(
      `${entry.external ? groupPath(placed) : entry.path}/${name}`,
      entry.origin,
      entry.package,
      entry.optional,
    );
    const child = entry.external ? place(listed, "", "") : this.placeBelow(listed, parent.placed!);
    child.chosenBy = placed.chosenBy;
    return child;
  }

  /** Interpolated entries are expanded when all other choices are known; one may wait for another. */
  private expandDeferred(root: TreeNode): void {
    for (let progress = true; progress; ) {
      progress = false;
      for (const node of interpolatedLeaves(root)) {
        const resolved = resolveChoiceReferences(node.placed!, this.choices.known);
        if (resolved === undefined) continue;
        const eligible = this.deferred.get(node);
        this.deferred.delete(node);
        checkEntryPaths(resolved, null, configPath(node.parent!.placed!), node.placed!.entry);
        if (node.placed!.entry.kind === "group") node.placed!.option = resolved;
        else node.placed!.path = resolved;
        this.expand(node, { interpolated: true, eligible, depth: depthOf(node) });
        progress = true;
        break;
      }
    }
    for (const node of interpolatedLeaves(root)) throw this.unresolved(node.placed!);
  }

  private placeBelow(entry: DefaultEntry, parent: PlacedEntry): PlacedEntry {
    return place(entry, groupPath(parent), finalPackage(parent));
  }

  private load(placed: PlacedEntry): LoadedConfig | undefined {
    if (placed.primary && placed.path === EMPTY_CONFIG) return EMPTY_LOADED;
    if (placed.entry.kind === "group" && placed.option === null) return undefined;
    return this.repository.load(configPath(placed));
  }

  private primaryNotFound(name: string): ConfigError {
    const slash = name.lastIndexOf("/");
    const group = slash === -1 ? "" : name.slice(0, slash);
    const options = this.repository.options(group).map((option) => (group === "" ? option : `${group}/${option}`));
    const where = this.repository.sources.map((source) => source.location).join(", ");
    return new ConfigError("primary_config_not_found", `There is no primary config '${name}' in ${where}.`, {
      hint: didYouMeanOptions(name, options),
    });
  }

  private notFound(node: TreeNode): ConfigError {
    const placed = node.placed!;
    const path = configPath(placed);
    const listedIn = node.parent?.placed === undefined ? "" : `In '${configPath(node.parent.placed)}': `;
    const by = placed.chosenBy === undefined ? "" : ` (chosen by '${placed.chosenBy}')`;
    const group = groupPath(placed);
    const options = this.repository.options(group);
    const name = entryName(placed) ?? "";
    const groupHint =
      options.length === 0 && group !== "" && !this.repository.isGroup(group)
        ? didYouMeanOptions(group, this.repository.allGroups())
        : undefined;
    return new ConfigError("config_not_found", `${listedIn}there is no config '${path}'${by}.`, {
      position: positionOf(placed.entry.origin),
      path,
      hint: groupHint ?? didYouMeanOptions(name, options),
    });
  }

  private missingChoice(placed: PlacedEntry): ConfigError {
    const key = placed.entry.kind === "group" ? overrideKeyOf(placed) : configPath(placed);
    const options = this.repository.options(groupPath(placed));
    return new ConfigError("missing_group_choice", `The group '${key}' needs a choice: ${key}=OPTION.`, {
      position: positionOf(placed.entry.origin),
      hint: `Options: ${options.join(", ")}.`,
    });
  }

  private unresolved(placed: PlacedEntry): ConfigError {
    const text = placed.entry.kind === "group" ? String(placed.option) : placed.path;
    const legacy = /\$\{defaults\.\d+\./.test(text) ? " The form ${defaults.N...} is no longer supported." : "";
    return new ConfigError("defaults_interpolation_error", `Cannot resolve '${text}' in a defaults list.${legacy}`, {
      position: positionOf(placed.entry.origin),
      hint: `Only group choices can be used here: ${[...this.choices.known.keys()].join(", ")}.`,
    });
  }
}

interface ExpandContext {
  /** Below an interpolated entry. */
  readonly interpolated: boolean;
  /** Override keys that may still take effect; undefined for all. */
  readonly eligible: ReadonlySet<string> | undefined;
  readonly depth: number;
}

/** The name that stands for "no primary config". */
export const EMPTY_CONFIG = "_dummy_empty_config_";

const EMPTY_LOADED: LoadedConfig = {
  path: EMPTY_CONFIG,
  provider: "built-in",
  file: `<${EMPTY_CONFIG}>`,
  packageHeader: undefined,
  defaults: [],
  tree: { kind: "scalar", value: { type: "null" }, expression: undefined, origin: BUILT_IN },
};

function leaf(placed: PlacedEntry, parent: TreeNode): TreeNode {
  return { placed, isSelf: false, parent, loaded: undefined, children: undefined };
}

/** The list with `_self_`: added at the end if it is not there and anything else is. */
function withSelf(entries: readonly DefaultEntry[], config: string, hasAppended: boolean): readonly DefaultEntry[] {
  const selves = entries.filter(isSelf);
  if (selves.length > 1) {
    throw new ConfigError("duplicate_self", `In '${config}': '_self_' stands twice in the defaults list.`, {
      position: positionOf(selves[1]!.origin),
      hint: "Keep one: it marks where the config's own values are merged.",
    });
  }
  const needed = entries.length === 0 ? hasAppended : entries.some((entry) => !entry.override);
  return selves.length === 0 && needed ? [...entries, configEntry("_self_", BUILT_IN)] : entries;
}

function checkOverridesLast(entries: readonly PlacedEntry[], config: string, interpolated: boolean): void {
  let seen: PlacedEntry | undefined;
  for (const placed of entries) {
    const { entry } = placed;
    if (isSelf(entry)) continue;
    if (!entry.override) {
      if (seen === undefined || entry.external) continue;
      throw new ConfigError(
        "override_before_default",
        `In '${config}': 'override ${overrideKeyOf(seen)}' stands before '${entry.path}'.`,
        { position: positionOf(entry.origin), hint: "Overrides must be at the end of a defaults list." },
      );
    }
    if (interpolated) {
      throw new ConfigError(
        "override_in_interpolated_config",
        `In '${config}': a config that an interpolation chooses must not contain 'override ${overrideKeyOf(placed)}'.`,
        {
          position: positionOf(entry.origin),
        },
      );
    }
    seen = placed;
  }
}

function checkEntryPaths(path: string, option: DefaultEntry["option"], config: string, entry: DefaultEntry): void {
  checkPath(path, config, entry.origin);
  for (const name of typeof option === "string" ? [option] : (option ?? [])) checkPath(name, config, entry.origin);
}

function* interpolatedLeaves(node: TreeNode): Generator<TreeNode> {
  if (
    node.placed !== undefined &&
    !node.isSelf &&
    node.loaded === undefined &&
    !node.placed.deleted &&
    isInterpolated(node.placed)
  ) {
    yield node;
  }
  for (const child of node.children ?? []) yield* interpolatedLeaves(child);
}

function depthOf(node: TreeNode): number {
  let depth = 0;
  for (let at = node.parent; at !== undefined; at = at.parent) depth++;
  return depth;
}

function cycleError(node: TreeNode): ConfigError {
  const chain: string[] = [];
  for (let at: TreeNode | undefined = node; at?.placed !== undefined && chain.length < 4; at = at.parent) {
    chain.unshift(configPath(at.placed));
  }
  return new ConfigError(
    "defaults_cycle",
    `The defaults lists include each other without end: ${chain.join(" -> ")}.`,
    {
      position: positionOf(node.placed!.entry.origin),
    },
  );
}

function didYouMeanOptions(name: string, options: readonly string[]): string | undefined {
  if (options.length === 0) return undefined;
  const near = suggest(name, options);
  const list =
    options.length <= 40 ? options.join(", ") : `${options.slice(0, 40).join(", ")}, ... (${options.length})`;
  return `${near.length > 0 ? `Did you mean ${near.map((option) => `'${option}'`).join(" or ")}? ` : ""}Available: ${list}.`;
}
