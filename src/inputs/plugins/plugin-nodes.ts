/** The nodes of a configuration that name components of plugins: checked against what the plugins declare. */
import { type Locate, validateBy } from "../../schema/validate.ts";
import type { Plugin, PluginComponent } from "./plugin.ts";
import type { PluginKind } from "./plugin-components.ts";

/** Nodes of the configuration whose `_target_` may be of a plugin. */
const KINDS: ReadonlyMap<string, PluginKind> = new Map([
  ["scheduler", "schedulers"],
  ["prefill_global", "globalPolicies"],
  ["decode_global", "globalPolicies"],
  ["prefill_local", "localOrders"],
  ["decode_local", "localOrders"],
]);

type Node = Readonly<Record<string, unknown>>;

/** Shipped components that have no parameters of their own, only those that all of their kind share. */
function shippedLike(kind: PluginKind, node: Node): string {
  if (kind === "globalPolicies") return "global_policies.RoundRobin";
  if (kind === "localOrders") return "local_policies.Fcfs";
  return "transfer_bandwidth" in node ? "schedulers.KvJsq" : "schedulers.Jsq";
}

export class PluginNodes {
  readonly #plugins: readonly Plugin[];

  constructor(plugins: readonly Plugin[]) {
    this.#plugins = plugins;
  }

  /** The configuration with shipped components in the place of plugins', for the shipped schemas to check. */
  standIns(config: unknown): unknown {
    if (this.#plugins.length === 0 || typeof config !== "object" || config === null) return config;
    const nodes = Object.entries(config).map(([key, node]) => {
      const kind = KINDS.get(key);
      return [key, kind === undefined ? node : this.standIn(kind, node)];
    });
    return Object.fromEntries(nodes);
  }

  standIn(kind: PluginKind, node: unknown): unknown {
    const component = this.#componentOf(kind, node);
    if (component === undefined) return node;
    const shared = Object.entries(node as Node).filter(([key]) => !Object.hasOwn(component.parameters, key));
    return { ...Object.fromEntries(shared), _target_: shippedLike(kind, node as Node) };
  }

  /** Throws one ConfigError that holds all mistakes in the parameters that plugins declare. */
  validate(config: Node, locate: Locate): void {
    for (const [key, kind] of KINDS) this.validateNode(kind, config[key], locate, key);
  }

  /** The same for the node at `path`, if it is of a plugin. */
  validateNode(kind: PluginKind, node: unknown, locate: Locate, path = ""): void {
    const component = this.#componentOf(kind, node);
    if (component !== undefined) validateBy(component.validator, node, locate, path);
  }

  /** The plugins that a run depends on: those of its nodes, and of the schedulers that its applications name. */
  usedBy(config: Node, schedulers: readonly unknown[]): readonly Plugin[] {
    if (this.#plugins.length === 0) return [];
    const used = [
      ...[...KINDS].map(([key, kind]) => this.#componentOf(kind, config[key])),
      ...schedulers.map((node) => this.#componentOf("schedulers", node)),
    ];
    return this.#plugins.filter(({ components }) => components.some((component) => used.includes(component)));
  }

  #componentOf(kind: PluginKind, node: unknown): PluginComponent | undefined {
    const target = (node as { readonly _target_?: unknown } | null | undefined)?._target_;
    return this.#plugins
      .flatMap(({ components }) => components)
      .find((component) => component.kind === kind && component.targets.some((name) => name === target));
  }
}
