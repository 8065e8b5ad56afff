/** How Python prints a node: `str()` inside interpolated text, `repr()` inside containers. */
import { pythonRepr, pythonStr } from "../values/python-text.ts";
import { type ConfigNode, decodeKey } from "./node.ts";

export function pythonText(node: ConfigNode): string {
  return node.kind === "scalar" ? pythonStr(node.value) : pythonNodeRepr(node);
}

function pythonNodeRepr(node: ConfigNode): string {
  if (node.kind === "scalar") return pythonRepr(node.value);
  if (node.kind === "list") return `[${node.items.map(pythonNodeRepr).join(", ")}]`;
  const items = [...node.entries].map(([key, child]) => `${pythonRepr(decodeKey(key))}: ${pythonNodeRepr(child)}`);
  return `{${items.join(", ")}}`;
}
