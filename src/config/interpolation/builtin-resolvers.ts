/** The resolvers that every configuration may use. */

import { ConfigError } from "../../errors.ts";
import { didYouMean } from "../../suggest.ts";
import { type ConfigNode, decodeKey, isMissingNode, listNode, mapNode, scalarNode } from "../tree/node.ts";
import { splitPath } from "../tree/path.ts";
import { pythonText } from "../tree/python-repr.ts";
import { pythonStr } from "../values/python-text.ts";
import { NULL, type Scalar, str } from "../values/scalar.ts";
import { parseSingleElement } from "./expression.ts";
import { evaluatePython } from "./python-expression.ts";
import { PythonError } from "./python-operators.ts";
import { resolutionError } from "./resolution-error.ts";
import type { CallContext } from "./resolver-contract.ts";
import { type Located, scopePath, synthetic } from "./scope.ts";
import { strftime } from "./strftime.ts";

type ResolverFunction = (args: readonly Located[], context: CallContext) => Located;

const RESOLVERS: ReadonlyMap<string, { readonly min: number; readonly max: number; readonly call: ResolverFunction }> =
  new Map([
    ["oc.env", { min: 1, max: 2, call: env }],
    ["oc.decode", { min: 1, max: 1, call: decode }],
    ["oc.select", { min: 1, max: 2, call: select }],
    ["oc.create", { min: 1, max: 1, call: create }],
    ["oc.dict.keys", { min: 1, max: 1, call: dictKeys }],
    ["oc.dict.values", { min: 1, max: 1, call: dictValues }],
    ["oc.deprecated", { min: 1, max: 2, call: deprecated }],
    ["now", { min: 1, max: 1, call: now }],
    ["hydra", { min: 1, max: 1, call: hydra }],
    ["eval", { min: 1, max: 1, call: evaluate }],
  ]);

/** @throws {ConfigError} `omegaconf:UnsupportedInterpolationType`, or what the resolver fails with. */
export function callResolver(name: string, args: readonly Located[], context: CallContext): Located {
  const found = RESOLVERS.get(name);
  if (found === undefined) {
    const known = [...RESOLVERS.keys()];
    const hint = didYouMean(name, known) ?? `Known resolvers: ${known.join(", ")}.`;
    throw resolutionError("UnsupportedInterpolationType", context.place, `there is no resolver '${name}'`, hint);
  }
  if (args.length < found.min || args.length > found.max) {
    const expected = found.min === found.max ? String(found.min) : `${found.min} to ${found.max}`;
    throw failure(context, `'${name}' takes ${expected} argument(s), not ${args.length}`);
  }
  return found.call(args, context);
}

function env(args: readonly Located[], context: CallContext): Located {
  const name = textArgument(args[0]!, context);
  const { env: variables } = context.resolution.environment;
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value !== undefined) return synthetic(str(value), context.from);
  const fallback = args[1]?.node;
  if (fallback === undefined) {
    throw failure(
      context,
      `the environment variable '${name}' is not set`,
      `Give a default: \${oc.env:${name},DEFAULT}`,
    );
  }
  const isNull = fallback.kind === "scalar" && fallback.value.type === "null";
  return synthetic(isNull ? NULL : str(pythonText(fallback)), context.from);
}

function decode(args: readonly Located[], context: CallContext): Located {
  const value = scalarOf(args[0]!.node);
  if (value?.type === "null") return synthetic(NULL, context.from);
  if (value?.type !== "str") throw failure(context, "oc.decode takes text");
  try {
    const element = parseSingleElement(value.value);
    return context.resolution.elementValue(element, context.from, context.place);
  } catch (error) {
    if (!(error instanceof ConfigError) || error.label !== "interpolation_syntax") throw error;
    throw failure(context, `oc.decode cannot read '${value.value}'`);
  }
}

function select(args: readonly Located[], context: CallContext): Located {
  const found = lookUp(textArgument(args[0]!, context), context);
  if (found !== undefined) return found;
  return args[1] ?? synthetic(NULL, context.from);
}

function create(args: readonly Located[], context: CallContext): Located {
  const { node } = args[0]!;
  return { node: reparsed(node), scope: context.from.scope, key: context.from.key };
}

function dictKeys(args: readonly Located[], context: CallContext): Located {
  const { node } = dictArgument(args[0]!, context);
  const { origin } = context.from.node;
  const keys = [...node.entries.keys()].map((key) => synthetic(decodeKey(key), context.from).node);
  return { node: listNode(keys, origin), scope: context.from.scope, key: context.from.key };
}

/** The values as references, so that each is resolved where it stands. */
function dictValues(args: readonly Located[], context: CallContext): Located {
  const dict = dictArgument(args[0]!, context);
  const { origin } = context.from.node;
  const path = scopePath(dict.scope, dict.key).map(String);
  const values = [...dict.node.entries].map(([key, child]): ConfigNode => {
    if (child.kind === "scalar" && child.expression === undefined) return child;
    const keys = [...path, key];
    const text = `\${${keys.join(".")}}`;
    return {
      kind: "scalar",
      value: str(text),
      expression: { kind: "text", parts: [{ kind: "reference", dots: 0, keys, text }] },
      origin,
    };
  });
  return { node: listNode(values, origin), scope: context.from.scope, key: context.from.key };
}

function deprecated(args: readonly Located[], context: CallContext): Located {
  const key = textArgument(args[0]!, context);
  const message = args[1] === undefined ? "'$OLD_KEY' is deprecated, use '$NEW_KEY'." : textArgument(args[1], context);
  const target = lookUp(key, context);
  if (target === undefined) throw failure(context, `oc.deprecated refers to the unknown key '${key}'`);
  const text = message.replace(/\$\{?(OLD_KEY|NEW_KEY)\}?/g, (_, name: string) =>
    name === "OLD_KEY" ? context.place.path : key,
  );
  context.resolution.environment.warn(text);
  return target;
}

function now(args: readonly Located[], context: CallContext): Located {
  return synthetic(str(strftime(context.resolution.environment.now, textArgument(args[0]!, context))), context.from);
}

function hydra(args: readonly Located[], context: CallContext): Located {
  return lookUp(`hydra.${textArgument(args[0]!, context)}`, context) ?? synthetic(NULL, context.from);
}

function evaluate(args: readonly Located[], context: CallContext): Located {
  const value = scalarOf(args[0]!.node);
  if (value?.type !== "str") throw failure(context, "eval takes text", "Quote the expression: ${eval:'1 + 2'}");
  try {
    return synthetic(evaluatePython(value.value), context.from);
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    throw failure(context, `cannot evaluate '${value.value}': ${error.message}`);
  }
}

/** The node at a key (leading dots: relative to the holder), or undefined when there is none or it is not set. */
function lookUp(key: string, context: CallContext): Located | undefined {
  const dots = /^\.*/.exec(key)![0].length;
  const start = context.resolution.container(context.from, dots);
  if (start === undefined) return undefined;
  const found = context.resolution.find(start, splitPath(key.slice(dots)));
  return found === undefined || isMissingNode(found.node) ? undefined : found;
}

function dictArgument(
  argument: Located,
  context: CallContext,
): Located & { readonly node: ReturnType<typeof mapNode> } {
  const found = lookUp(textArgument(argument, context), context);
  if (found === undefined || found.node.kind !== "map") throw failure(context, "the key does not name a mapping");
  return { node: found.node, scope: found.scope, key: found.key };
}

/** The same node with interpolations in its texts recognised. */
function reparsed(node: ConfigNode): ConfigNode {
  if (node.kind === "scalar") return scalarNode(node.value, node.origin);
  if (node.kind === "list") return listNode(node.items.map(reparsed), node.origin);
  return mapNode(new Map([...node.entries].map(([key, child]) => [key, reparsed(child)])), node.origin);
}

function textArgument(argument: Located, context: CallContext): string {
  const value = scalarOf(argument.node);
  if (value?.type === "str") return value.value;
  throw failure(context, `expected text, not ${value === undefined ? `a ${argument.node.kind}` : pythonStr(value)}`);
}

function scalarOf(node: ConfigNode): Scalar | undefined {
  return node.kind === "scalar" ? node.value : undefined;
}

function failure(context: CallContext, message: string, hint?: string): ConfigError {
  return resolutionError("InterpolationResolutionError", context.place, `${context.text}: ${message}`, hint);
}
