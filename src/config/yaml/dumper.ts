/** Writes a tree as YAML, byte for byte as OmegaConf prints it (PyYAML's block style). */
import { type ConfigNode, decodeKey, type ListNode, type MapNode } from "../tree/node.ts";
import { scalarText } from "./scalar-text.ts";

/** Longest key that PyYAML writes on one line with its value. */
const MAX_SIMPLE_KEY = 122;

/** The YAML text of a tree, interpolations as they are written. */
export function dumpYaml(node: ConfigNode): string {
  if (node.kind === "scalar") return `${scalarText(node.value, { column: 0, indent: 0, isKey: false })}\n`;
  return isEmpty(node) ? `${emptyText(node)}\n` : containerLines(node, 0);
}

/** Lines of a non-empty container, each indented and ended. */
function containerLines(node: MapNode | ListNode, indent: number): string {
  return node.kind === "map" ? mapLines(node, indent, " ".repeat(indent)) : listLines(node, indent, " ".repeat(indent));
}

/** `lead` stands before the first line only: the indent, or the dash of the list item that the mapping is. */
function mapLines(node: MapNode, indent: number, lead: string): string {
  const pad = " ".repeat(indent);
  let out = "";
  for (const [encoded, child] of node.entries) {
    const start = out === "" ? lead : pad;
    const key = scalarText(decodeKey(encoded), { column: indent, indent, isKey: true });
    const simple = key.length <= MAX_SIMPLE_KEY && !key.includes("\n");
    out += simple ? `${start}${key}:` : `${start}? ${key}\n${pad}:`;
    out += valueText(child, indent, indent + (simple ? key.length : 0) + 2);
  }
  return out;
}

/** What follows the colon of a key. */
function valueText(child: ConfigNode, indent: number, column: number): string {
  if (child.kind === "scalar") return ` ${scalarText(child.value, { column, indent: indent + 2, isKey: false })}\n`;
  if (isEmpty(child)) return ` ${emptyText(child)}\n`;
  // A list below a key is not indented.
  return `\n${containerLines(child, child.kind === "list" ? indent : indent + 2)}`;
}

function listLines(node: ListNode, indent: number, lead: string): string {
  const pad = " ".repeat(indent);
  let out = "";
  for (const item of node.items) {
    const dash = `${out === "" ? lead : pad}- `;
    if (item.kind === "scalar") {
      out += `${dash}${scalarText(item.value, { column: indent + 2, indent: indent + 2, isKey: false })}\n`;
    } else if (isEmpty(item)) {
      out += `${dash}${emptyText(item)}\n`;
    } else {
      out += item.kind === "map" ? mapLines(item, indent + 2, dash) : listLines(item, indent + 2, dash);
    }
  }
  return out;
}

function isEmpty(node: MapNode | ListNode): boolean {
  return node.kind === "map" ? node.entries.size === 0 : node.items.length === 0;
}

function emptyText(node: MapNode | ListNode): string {
  return node.kind === "map" ? "{}" : "[]";
}
