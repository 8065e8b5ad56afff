/** One composed configuration: the tree, how it came about, and views of it. */
import { ConfigError } from "../../errors.ts";
import { didYouMean } from "../../suggest.ts";
import type { DefaultsListEntry } from "../defaults/list.ts";
import type { TreeNode } from "../defaults/tree.ts";
import { Resolver } from "../interpolation/resolver.ts";
import type { ResolverEnvironment } from "../interpolation/resolver-contract.ts";
import { embed } from "../tree/merge.ts";
import { type ConfigNode, type MapNode, mapNode } from "../tree/node.ts";
import type { Origin } from "../tree/origin.ts";
import { joinPath, keyText, keyTexts, nodeAt, splitPath } from "../tree/path.ts";
import { toPlain } from "../tree/plain-data.ts";
import type { PlainValue } from "../values/plain.ts";
import { dumpYaml } from "../yaml/dumper.ts";

/** What was chosen and written, without the tree. */
export interface CompositionFacts {
  /** Options of the task's config groups by override key, last in the defaults list first. */
  readonly choices: ReadonlyMap<string, string | null>;
  /** The same for the groups below `hydra/`. */
  readonly hydraChoices: ReadonlyMap<string, string | null>;
  /** Configs in the order in which they were merged. */
  readonly defaultsList: readonly DefaultsListEntry[];
  /** The defaults lists as a tree, before it is flattened. */
  readonly defaultsTree: TreeNode;
  readonly taskOverrides: readonly string[];
  readonly hydraOverrides: readonly string[];
  readonly overrideDirname: string;
  readonly configName: string | null;
  readonly warnings: readonly string[];
}

export type YamlPart = "job" | "hydra" | "all";

export class Composition {
  /** The whole tree, `hydra` included. */
  readonly tree: MapNode;
  readonly facts: CompositionFacts;
  readonly environment: ResolverEnvironment;
  taskTree: MapNode | undefined;
  resolvedTask: ConfigNode | undefined;

  constructor(tree: MapNode, facts: CompositionFacts, environment: ResolverEnvironment) {
    this.tree = tree;
    this.facts = facts;
    this.environment = environment;
  }

  get choices(): ReadonlyMap<string, string | null> {
    return this.facts.choices;
  }

  get defaultsList(): readonly DefaultsListEntry[] {
    return this.facts.defaultsList;
  }

  get taskOverrides(): readonly string[] {
    return this.facts.taskOverrides;
  }

  get hydraOverrides(): readonly string[] {
    return this.facts.hydraOverrides;
  }

  get overrideDirname(): string {
    return this.facts.overrideDirname;
  }

  get warnings(): readonly string[] {
    return this.facts.warnings;
  }

  /** The task's configuration (without `hydra`), interpolations as they are written. Frozen. */
  unresolved(): PlainValue {
    return toPlain(this.taskNode());
  }

  /**
   * The task's configuration with all interpolations resolved. Frozen; parts without interpolations are shared.
   * @throws {ConfigError} `omegaconf:...` naming the key that cannot be resolved.
   */
  resolved(): PlainValue {
    return toPlain(this.resolvedNode());
  }

  /** The `hydra` node or a part of it, resolved. @throws {ConfigError} when there is no such key. */
  hydraResolved(path = ""): PlainValue {
    const full = path === "" ? "hydra" : `hydra.${path}`;
    const node = this.resolvedAt(full);
    if (node === undefined) throw this.noSuchKey(full);
    return toPlain(node);
  }

  /** The resolved value at a dotted path; undefined when there is none. */
  select(path: string): PlainValue | undefined {
    const node = this.resolvedAt(path);
    return node === undefined ? undefined : toPlain(node);
  }

  /** Where the value at a dotted path was written. */
  originOf(path: string): Origin | undefined {
    return nodeAt(this.tree, splitPath(path))?.origin;
  }

  /** Every leaf of the task's configuration with its origin, in order. */
  *origins(): Generator<readonly [string, Origin]> {
    yield* leaves(this.taskNode(), "");
  }

  /**
   * YAML as Hydra prints it with `--cfg`.
   * @throws {ConfigError} `unknown_package`, or what resolving finds.
   */
  toYaml(part: YamlPart = "job", options: { resolve?: boolean; package?: string } = {}): string {
    const resolve = options.resolve ?? false;
    const shown = this.part(part, resolve);
    const packageName = options.package;
    if (packageName === undefined || packageName === "") return dumpYaml(shown);
    const inner = nodeAt(shown, splitPath(packageName));
    if (inner === undefined) throw this.noSuchKey(packageName);
    return `# @package ${packageName}\n${dumpYaml(inner)}`;
  }

  /** The tree of the task's configuration. */
  taskNode(): MapNode {
    if (this.taskTree === undefined) {
      const entries = new Map(this.tree.entries);
      entries.delete("hydra");
      this.taskTree = mapNode(entries, this.tree.origin);
    }
    return this.taskTree;
  }

  /** The tree of the task's configuration without interpolations. */
  resolvedNode(): ConfigNode {
    if (this.resolvedTask === undefined) {
      const resolver = new Resolver(this.tree, this.environment);
      this.resolvedTask = resolver.resolveTree({ node: this.taskNode(), scope: null, key: null });
    }
    return this.resolvedTask;
  }

  /** The node at a dotted path without interpolations. */
  resolvedAt(path: string): ConfigNode | undefined {
    const resolver = new Resolver(this.tree, this.environment);
    const found = resolver.find(resolver.rootLocation(), splitPath(path));
    return found === undefined ? undefined : resolver.resolveTree(found);
  }

  private part(part: YamlPart, resolve: boolean): ConfigNode {
    const task = (): ConfigNode => (resolve ? this.resolvedNode() : this.taskNode());
    if (part === "job") return task();
    const hydra = resolve ? this.resolvedAt("hydra")! : this.tree.entries.get("hydra")!;
    if (part === "hydra") return embed(hydra, "hydra");
    const whole = task() as MapNode;
    return mapNode(new Map([["hydra", hydra], ...whole.entries]), this.tree.origin);
  }

  private noSuchKey(path: string): ConfigError {
    const parts = splitPath(path);
    const parent = nodeAt(this.tree, parts.slice(0, -1));
    const candidates = parent?.kind === "map" ? keyTexts(parent) : [];
    return new ConfigError("unknown_package", `The configuration has no '${path}'.`, {
      path,
      hint: didYouMean(parts[parts.length - 1] ?? "", candidates),
    });
  }
}

function* leaves(node: ConfigNode, path: string): Generator<readonly [string, Origin]> {
  if (node.kind === "scalar") yield [path, node.origin];
  else if (node.kind === "list") {
    if (node.items.length === 0) yield [path, node.origin];
    for (const [index, item] of node.items.entries()) yield* leaves(item, joinPath(path, index));
  } else {
    if (node.entries.size === 0) yield [path, node.origin];
    for (const [key, child] of node.entries) yield* leaves(child, joinPath(path, keyText(key)));
  }
}
