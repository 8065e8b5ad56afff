/**
 * Resolves interpolations against one composed tree. References are followed where they are needed; the result of
 * a lone interpolation keeps its type, inside text it is printed as Python prints it.
 */
import { ConfigError } from "../../errors.ts";
import { didYouMean } from "../../suggest.ts";
import {
  type ConfigNode,
  isDynamic,
  isMissingNode,
  listNode,
  type MapNode,
  mapNode,
  type ScalarNode,
} from "../tree/node.ts";
import { keyTexts, listIndex } from "../tree/path.ts";
import { pythonText } from "../tree/python-repr.ts";
import { callResolver } from "./builtin-resolvers.ts";
import { elementNode } from "./element.ts";
import type { Element, Interpolation, KeyPart, NodeReference, ResolverCall, TextPart } from "./expression.ts";
import { type Place, resolutionError } from "./resolution-error.ts";
import type { Resolution, ResolverEnvironment } from "./resolver-contract.ts";
import { type Located, type Scope, scopePath, synthetic } from "./scope.ts";

const MAX_DEPTH = 100;
const MAX_TREE_DEPTH = 400;
const MAX_STEPS = 2_000_000;
const MAX_TEXT_CHARACTERS = 2 ** 24;

export class Resolver implements Resolution {
  readonly root: MapNode;
  readonly environment: ResolverEnvironment;
  /** Interpolations being resolved, outermost first, to recognise a cycle. */
  readonly active: Located[] = [];
  steps = 0;
  depth = 0;
  characters = 0;

  constructor(root: MapNode, environment: ResolverEnvironment) {
    this.root = root;
    this.environment = environment;
  }

  /** The same tree without interpolations; parts that have none are shared. */
  resolveTree(located: Located): ConfigNode {
    if (!isDynamic(located.node)) return located.node;
    if (++this.depth > MAX_TREE_DEPTH) {
      const place = this.placeOf(located);
      throw resolutionError("InterpolationResolutionError", place, "an interpolation contains itself");
    }
    try {
      return this.resolveDynamic(located);
    } finally {
      this.depth--;
    }
  }

  private resolveDynamic(located: Located): ConfigNode {
    const { node } = located;
    if (node.kind === "scalar") {
      this.countStep(located);
      return this.resolveTree(this.dereference(located));
    }
    this.countStep(located);
    const scope = scopeOf(located);
    if (node.kind === "list") {
      const items = node.items.map((item, index) => this.resolveTree({ node: item, scope, key: index }));
      return listNode(items, node.origin, node.elementType);
    }
    const entries = new Map<string, ConfigNode>();
    for (const [key, child] of node.entries) entries.set(key, this.resolveTree({ node: child, scope, key }));
    return mapNode(entries, node.origin, node.type);
  }

  /** What a node stands for: itself, or the target of its interpolation. */
  dereference(located: Located): Located {
    const { node } = located;
    if (node.kind !== "scalar" || node.expression === undefined) return located;
    const place = this.placeOf(located);
    this.countStep(located);
    if (this.isActive(located) || this.active.length >= MAX_DEPTH) {
      throw resolutionError(
        "InterpolationResolutionError",
        place,
        `the interpolation '${textOf(node)}' leads back to itself`,
      );
    }
    this.active.push(located);
    try {
      return this.evaluateText(node.expression.parts, located, place);
    } finally {
      this.active.pop();
    }
  }

  /** Value of text with interpolations, as seen from `from`. */
  evaluateText(parts: readonly TextPart[], from: Located, place: Place): Located {
    const only = parts[0]!;
    if (parts.length === 1 && typeof only !== "string") return this.evaluate(only, from, place);
    let text = "";
    for (const part of parts)
      text += typeof part === "string" ? part : pythonText(this.evaluate(part, from, place).node);
    this.characters += text.length;
    if (this.characters > MAX_TEXT_CHARACTERS) {
      throw resolutionError("InterpolationResolutionError", place, "interpolations expand to too much text");
    }
    return synthetic({ type: "str", value: text }, from);
  }

  evaluate(interpolation: Interpolation, from: Located, place: Place): Located {
    return interpolation.kind === "reference"
      ? this.follow(interpolation, from, place)
      : this.call(interpolation, from, place);
  }

  /**
   * The node at keys below `start`, interpolations on the way and at the end followed.
   * @throws {ConfigError} when there is no such node; `shown` is the reference as the user wrote it.
   */
  walk(start: Located, keys: readonly string[], shown: string, place: Place): Located {
    let at = start;
    for (const key of keys) {
      at = this.dereference(at);
      const next = stepInto(at, key);
      if (next === undefined) throw deadEnd(at.node, key, shown, place);
      at = next;
    }
    return this.dereference(at);
  }

  /** As `walk`, but undefined when there is no such node. */
  find(start: Located, keys: readonly string[]): Located | undefined {
    let at: Located | undefined = start;
    for (const key of keys) {
      at = stepInto(this.dereference(at), key);
      if (at === undefined) return undefined;
    }
    return this.dereference(at);
  }

  placeOf(located: Located): Place {
    return { path: scopePath(located.scope, located.key).join("."), origin: located.node.origin };
  }

  rootLocation(): Located {
    return { node: this.root, scope: null, key: null };
  }

  /** The container that `dots` leading dots name, seen from a node; undefined above the root. */
  container(from: Located, dots: number): Located | undefined {
    if (dots === 0) return this.rootLocation();
    let scope: Scope | null = from.scope;
    for (let i = 1; i < dots && scope !== null; i++) scope = scope.parent;
    return scope === null ? undefined : { node: scope.container, scope: scope.parent, key: scope.key };
  }

  elementValue(element: Element, from: Located, place: Place): Located {
    return elementNode(element, from, {
      interpolation: (interpolation) => this.evaluate(interpolation, from, place),
      text: (parts) => this.evaluateText(parts, from, place),
    });
  }

  private follow(reference: NodeReference, from: Located, place: Place): Located {
    const start = this.container(from, reference.dots);
    if (start === undefined) {
      throw resolutionError(
        "InterpolationKeyError",
        place,
        `'${reference.text}' goes above the root of the configuration`,
      );
    }
    const keys = reference.keys.map((key) => this.keyText(key, from, place));
    const shown = ".".repeat(reference.dots) + keys.join(".");
    const target = this.walk(start, keys, shown, place);
    if (isMissingNode(target.node)) {
      throw resolutionError(
        "InterpolationToMissingValueError",
        place,
        `'${shown}' is not set (???)`,
        `Set it: ${shown.replace(/^\.+/, "")}=VALUE`,
      );
    }
    return target;
  }

  private call(call: ResolverCall, from: Located, place: Place): Located {
    const name = call.name.map((part) => this.keyText(part, from, place)).join(".");
    const args = call.args.map((argument) => this.elementValue(argument, from, place));
    return callResolver(name, args, { resolution: this, from, place, text: call.text });
  }

  private keyText(key: KeyPart, from: Located, place: Place): string {
    if (typeof key === "string") return key;
    const { node } = this.evaluate(key, from, place);
    if (node.kind === "scalar" && node.value.type === "str") return node.value.value;
    throw resolutionError("InterpolationResolutionError", place, `'${key.text}' is used as a key and must be text`);
  }

  private isActive(located: Located): boolean {
    return this.active.some(
      (other) => other.node === located.node && other.key === located.key && samePath(other.scope, located.scope),
    );
  }

  private countStep(located: Located): void {
    if (++this.steps > MAX_STEPS) {
      throw new ConfigError("too_large", "The configuration expands to too many values.", {
        path: this.placeOf(located).path,
        hint: "Interpolations that alias mappings multiply; refer to single values instead.",
      });
    }
  }
}

/** The child at a key or index, not dereferenced; undefined when there is none. */
function stepInto(at: Located, key: string): Located | undefined {
  const { node } = at;
  if (node.kind === "scalar") return undefined;
  const index = node.kind === "list" ? listIndex(key, node.items.length) : undefined;
  const child = node.kind === "map" ? node.entries.get(key) : index === undefined ? undefined : node.items[index];
  return child === undefined ? undefined : { node: child, scope: scopeOf(at), key: index ?? key };
}

function deadEnd(node: ConfigNode, key: string, shown: string, place: Place): ConfigError {
  if (isMissingNode(node)) {
    return resolutionError(
      "InterpolationToMissingValueError",
      place,
      `'${shown}' passes a value that is not set (???)`,
    );
  }
  if (node.kind === "scalar") {
    return resolutionError("InterpolationResolutionError", place, `'${shown}' looks for '${key}' inside a scalar`);
  }
  if (node.kind === "list" && listIndex(key, node.items.length) === undefined) {
    return resolutionError("InterpolationResolutionError", place, `'${shown}' uses '${key}' as the index of a list`);
  }
  const hint = node.kind === "map" ? didYouMean(key, keyTexts(node)) : `The list has ${node.items.length} items.`;
  return resolutionError("InterpolationKeyError", place, `interpolation key '${shown}' not found`, hint);
}

function scopeOf(located: Located): Scope {
  if (located.node.kind === "scalar") throw new Error("a scalar has no scope");
  return { container: located.node, parent: located.scope, key: located.key };
}

function samePath(a: Scope | null, b: Scope | null): boolean {
  let x = a;
  let y = b;
  while (x !== null && y !== null) {
    if (x === y) return true;
    if (x.container !== y.container || x.key !== y.key) return false;
    x = x.parent;
    y = y.parent;
  }
  return x === y;
}

function textOf(node: ScalarNode): string {
  return node.value.type === "str" ? node.value.value : "";
}
