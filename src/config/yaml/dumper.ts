/** Writes a tree as YAML, byte for byte as OmegaConf prints it (libyaml's block style). */
import { type ConfigNode, decodeKey, type ListNode, type MapNode } from "../tree/node.ts";
import { isSimpleKey, scalarText } from "./scalar-text.ts";

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
    const key = decodeKey(encoded);
    if (isSimpleKey(key)) {
      const text = scalarText(key, { column: indent, indent, isKey: true });
      out += `${start}${text}:${valueText(child, indent, indent + text.length + 2)}`;
    } else {
      const text = scalarText(key, { column: indent + 2, indent: indent + 2, isKey: false });
      out += `${start}? ${text}\n${itemText(child, indent, `${pad}: `)}`;
    }
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
  return node.items.map((item, index) => itemText(item, indent, `${index === 0 ? lead : pad}- `)).join("");
}

/** A value behind a two-character sign (`- ` or `: `) on its own line; containers begin on that line. */
function itemText(item: ConfigNode, indent: number, lead: string): string {
  const inner = indent + 2;
  if (item.kind === "scalar")
    return `${lead}${scalarText(item.value, { column: inner, indent: inner, isKey: false })}\n`;
  if (isEmpty(item)) return `${lead}${emptyText(item)}\n`;
  return item.kind === "map" ? mapLines(item, inner, lead) : listLines(item, inner, lead);
}

function isEmpty(node: MapNode | ListNode): boolean {
  return node.kind === "map" ? node.entries.size === 0 : node.items.length === 0;
}

function emptyText(node: MapNode | ListNode): string {
  return node.kind === "map" ? "{}" : "[]";
}
