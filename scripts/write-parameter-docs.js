// Writes docs/parameters.md from the schemas that stand beside the components: every key with its type, values and meaning.
// usage: npm run build && node scripts/write-parameter-docs.js [--check]   (--check: only says whether it is up to date)
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { configGroups, primaryProperties } from "../dist/schema/config-groups.schema.js";
import { latencyProperties } from "../dist/sim/latency/latency.schema.js";

const FILE = new URL("../docs/parameters.md", import.meta.url);

const INTRODUCTION = `# Parameters

Every key of the configuration, by config group: what \`GROUP.KEY=VALUE\` may change on the command line, and what files of
\`conf/GROUP/\` may hold. \`N\` is an index from 0. The names in brackets are those of SplitwiseSim's own configurations. Defaults
are in the files; \`sweep --cfg job\` prints them. This page is made from the schemas that validate a configuration
(\`node scripts/write-parameter-docs.js\`); \`sweep schema --out DIR\` writes them for editors.
`;

/** Groups that say the same as another. */
const LEFT_OUT = new Set(["start_state/pools", "hardware_repo/interconnects", "router/overheads"]);

/** Rows of a node and all below it: path, type, values, description. */
function rowsOf(path, schema) {
  const rows = path === "" ? [] : [row(path, schema)];
  const below = (key) => (path === "" ? key : `${path}.${key}`);
  for (const branch of alternatives(schema)) {
    for (const [key, inner] of Object.entries(branch.properties ?? {})) {
      if (key !== "_target_") rows.push(...rowsOf(below(key), inner));
    }
    if (branch.items !== undefined)
      rows.push(...rowsOf(below("N"), branch.items).filter((item) => item.path !== below("N")));
  }
  // A mapping is said by its keys, unless there is something to say about it.
  return rows.filter(({ type, description }) => !(type === "mapping" && description === ""));
}

function row(path, schema) {
  const branches = alternatives(schema);
  const type = [...new Set(branches.map(typeOf))].join(" or ");
  const values = [...new Set(branches.map(valuesOf).filter((text) => text !== ""))].join("; ");
  const description = schema.description ?? branches.find((branch) => branch.description)?.description ?? "";
  return { path, type, values, description };
}

function alternatives(schema) {
  return schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap(alternatives);
}

function typeOf({ type, enum: values, items, patternProperties }) {
  if (values !== undefined) return "name";
  if (Array.isArray(type)) return type.map((one) => typeOf({ type: one })).join(" or ");
  if (type === "array")
    return `list of ${items.enum !== undefined ? "names" : ({ string: "texts", number: "numbers", array: "lists" }[items.type] ?? "mappings")}`;
  const isNumberMap = Object.values(patternProperties ?? {}).some((inner) => inner.type === "number");
  if (type === "object") return isNumberMap ? "mapping to numbers" : "mapping";
  return { string: "text", boolean: "true or false", undefined: "anything" }[type] ?? type;
}

function valuesOf({ enum: values, items, minimum, exclusiveMinimum, maximum }) {
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(", ");
  if (items?.enum !== undefined) return valuesOf(items);
  const bounds = [];
  if (exclusiveMinimum !== undefined) bounds.push(`> ${exclusiveMinimum}`);
  if (minimum !== undefined) bounds.push(`≥ ${minimum}`);
  if (maximum !== undefined) bounds.push(`≤ ${maximum}`);
  return bounds.join(", ");
}

/** Components of a group with the same parameters share a table. */
function tablesOf(schema) {
  const items = schema.type === "array" ? [schema.items] : alternatives(schema);
  const tables = new Map();
  for (const branch of items) {
    const body = table(rowsOf(schema.type === "array" ? "N" : "", branch));
    tables.set(body, [...(tables.get(body) ?? []), branch.properties?._target_?.enum ?? []]);
  }
  return [...tables].map(([body, targets]) => `${targetLine(targets)}${body}`).join("\n");
}

function targetLine(targets) {
  const named = targets.filter((names) => names.length > 0);
  if (named.length === 0) return "";
  const text = named.map(([name, ...others]) => {
    return `\`${name}\`${others.length === 0 ? "" : ` (${others.map((other) => `\`${other}\``).join(", ")})`}`;
  });
  return `\`_target_\`: ${text.join(", ")}\n\n`;
}

function table(rows) {
  if (rows.length === 0) return "No parameters.\n";
  const lines = rows.map(
    ({ path, type, values, description }) =>
      `| \`${path}\` | ${type} | ${values} | ${description.replaceAll("|", "\\|").replaceAll("*", "\\*")} |`,
  );
  return `| key | type | values | meaning |\n|---|---|---|---|\n${lines.join("\n")}\n`;
}

function page() {
  const groups = Object.entries(configGroups).filter(([group]) => !LEFT_OUT.has(group));
  const sections = groups.map(([group, schema]) => `\n## ${group}\n\n${tablesOf(schema)}`);
  const others = Object.entries(primaryProperties).filter(([key]) => configGroups[key] === undefined);
  const rest = table(others.flatMap(([key, schema]) => rowsOf(key, schema)));
  const ofLatency = Object.entries(latencyProperties).filter(([key]) => configGroups[key] === undefined);
  const latency = table(ofLatency.map(([key, schema]) => row(key, schema)));
  return `${INTRODUCTION}${sections.join("")}\n## Keys of the primary configuration\n\n${rest}\n## Keys of \`sweep latency\`\n\nAnd those of \`model\` and \`hardware\`.\n\n${latency}`;
}

const text = page();
if (process.argv[2] === "--check") {
  const isCurrent = existsSync(FILE) && readFileSync(FILE, "utf8") === text;
  if (!isCurrent) console.error("docs/parameters.md is not what the schemas say: node scripts/write-parameter-docs.js");
  process.exitCode = isCurrent ? 0 : 1;
} else {
  writeFileSync(FILE, text);
}
