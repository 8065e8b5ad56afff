/** Turns the arguments of resolvers into nodes. */
import { type ConfigNode, encodeKey, listNode, mapNode } from "../tree/node.ts";
import type { Element, Interpolation, TextPart } from "./expression.ts";
import type { Located } from "./scope.ts";

interface Evaluation {
  interpolation(interpolation: Interpolation): Located;
  text(parts: readonly TextPart[]): Located;
}

export function elementNode(element: Element, from: Located, evaluation: Evaluation): Located {
  switch (element.kind) {
    case "literal": {
      const node: ConfigNode = {
        kind: "scalar",
        value: element.value,
        expression: undefined,
        origin: from.node.origin,
      };
      return { node, scope: from.scope, key: from.key };
    }
    case "text":
      return evaluation.text(element.parts);
    case "list": {
      const items = element.items.map((item) => elementNode(item, from, evaluation).node);
      return { node: listNode(items, from.node.origin), scope: from.scope, key: from.key };
    }
    case "dict": {
      const entries = new Map<string, ConfigNode>();
      for (const [key, value] of element.entries)
        entries.set(encodeKey(key), elementNode(value, from, evaluation).node);
      return { node: mapNode(entries, from.node.origin), scope: from.scope, key: from.key };
    }
    default:
      return evaluation.interpolation(element);
  }
}
