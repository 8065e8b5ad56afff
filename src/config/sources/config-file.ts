/** A config file in parts: package header, defaults list, values. */
import { ConfigError } from "../../errors.ts";
import { type ConfigNode, decodeKey, encodeKey, isNullNode, type MapNode, mapNode } from "../tree/node.ts";
import type { Origin } from "../tree/origin.ts";
import { readYamlTree } from "../yaml/reader.ts";
import { configEntry, type DefaultEntry, groupEntry } from "./default-entry.ts";

export interface LoadedConfig {
  /** Path within the search path, without `.yaml`. */
  readonly path: string;
  readonly provider: string;
  /** The file, or a name in angle brackets for what is built in. */
  readonly file: string;
  /** The package of the `# @package` header. */
  readonly packageHeader: string | undefined;
  readonly defaults: readonly DefaultEntry[];
  /** The values without the defaults list. */
  readonly tree: ConfigNode;
}

/**
 * @throws {ConfigError} `yaml_error`, `bad_package_header`, `bad_defaults_list`, `bad_default_path`.
 */
export function parseConfig(text: string, path: string, provider: string, file: string): LoadedConfig {
  const origin: Origin = { kind: "file", file, line: 1, column: 1 };
  const content = readYamlTree(text, file);
  const tree = content === undefined || isNullNode(content) ? mapNode(new Map(), origin) : content;
  const packageHeader = readPackageHeader(text, file);
  if (tree.kind === "list") return { path, provider, file, packageHeader, defaults: [], tree };
  const map = tree.kind === "map" ? tree : scalarDocument(tree, file);
  return { path, provider, file, packageHeader, ...splitDefaults(map, path) };
}

/** A file that holds only a text is read as a mapping from that text to null, as OmegaConf does. */
function scalarDocument(tree: ConfigNode & { kind: "scalar" }, file: string): MapNode {
  const { value, origin } = tree;
  if (value.type !== "str") {
    throw new ConfigError("yaml_error", `${file} holds a single ${value.type}; expected a mapping or a list.`, {
      position: positionOf(origin),
    });
  }
  return mapNode(
    new Map([[encodeKey(value), { kind: "scalar", value: { type: "null" }, expression: undefined, origin }]]),
    origin,
  );
}

/**
 * The package header counts only in the leading lines that are blank or headers (`# @key value`); the last one wins.
 */
function readPackageHeader(text: string, file: string): string | undefined {
  let found: string | undefined;
  let number = 0;
  for (const raw of text.split(/\r\n|\r|\n/)) {
    number++;
    const line = raw.trim();
    if (line === "") continue;
    if (!/^#\s*@/.test(line)) break;
    const words = line
      .replace(/^#+/, "")
      .trim()
      .split(" ")
      .filter((word) => word !== "");
    if (words.length !== 2) {
      throw new ConfigError("bad_package_header", `Cannot read the header '${line}'; expected '# @package NAME'.`, {
        position: { file, line: number, column: 1 },
        hint: "Nothing may follow the name, not even a comment.",
      });
    }
    if (words[0] === "@package") found = words[1];
  }
  return found;
}

function splitDefaults(map: MapNode, path: string): { defaults: DefaultEntry[]; tree: MapNode } {
  const list = map.entries.get("defaults");
  if (list === undefined) return { defaults: [], tree: map };
  if (list.kind !== "list") {
    const found = list.kind === "map" ? "a mapping" : isNullNode(list) ? "null" : "a scalar";
    throw badList(
      `In '${path}': the defaults list must be a list, not ${found}`,
      list.origin,
      "Write '- group: option' items below 'defaults:'.",
    );
  }
  const entries = new Map(map.entries);
  entries.delete("defaults");
  return { defaults: list.items.map((item) => readEntry(item, path)), tree: mapNode(entries, map.origin, map.type) };
}

function readEntry(item: ConfigNode, config: string): DefaultEntry {
  if (item.kind === "list") throw badList(`In '${config}': a list cannot be an item of a defaults list`, item.origin);
  if (item.kind === "scalar") {
    if (item.value.type !== "str") {
      throw badList(
        `In '${config}': an item of a defaults list must be text or 'group: option'`,
        item.origin,
        "Quote a name that looks like a number.",
      );
    }
    const { name, packageName } = splitPackage(item.value.value);
    if (name === "_self_" && packageName !== undefined) throw badList("'_self_' takes no package", item.origin);
    checkPath(name, config, item.origin);
    return configEntry(name, item.origin, packageName);
  }
  return readGroupEntry(item, config);
}

function readGroupEntry(item: MapNode, config: string): DefaultEntry {
  const keys = [...item.entries.keys()];
  if (keys.length !== 1) {
    const listed = keys.length === 0 ? "an empty mapping" : `'${keys.join("' and '")}' in one item`;
    throw badList(
      `In '${config}': the defaults list has ${listed}; expected one 'group: option'`,
      item.origin,
      "Start each group with its own '-'.",
    );
  }
  const key = decodeKey(keys[0]!);
  const value = item.entries.get(keys[0]!)!;
  if (key.type !== "str") throw badList(`In '${config}': a group name must be text`, item.origin);
  const { name: words, packageName } = splitPackage(key.value);
  const parts = words.split(" ");
  const group = parts[parts.length - 1]!;
  const keywords = parts.slice(0, -1).filter((word) => word !== "");
  const unknown = keywords.find((word) => word !== "optional" && word !== "override");
  if (unknown !== undefined) {
    throw badList(
      `In '${config}': unknown keyword '${unknown}' in '${key.value}'`,
      item.origin,
      "Known keywords: optional, override.",
    );
  }
  if (group === "") throw badList(`In '${config}': the group name is missing in '${key.value}'`, item.origin);
  checkPath(group, config, item.origin);
  const override = keywords.includes("override");
  const optional = keywords.includes("optional");
  const option = readOption(value, config);
  for (const name of typeof option === "string" ? [option] : (option ?? [])) checkPath(name, config, value.origin);
  const more = { package: packageName, optional, override };
  // A path as option names a config of a nested group: `cluster: big/a100` is `cluster/big: a100`.
  if (typeof option === "string" && option.includes("/") && !option.includes("${") && !override) {
    const cut = option.lastIndexOf("/");
    return groupEntry(`${group}/${option.slice(0, cut)}`, option.slice(cut + 1), item.origin, more);
  }
  return groupEntry(group, option, item.origin, more);
}

function readOption(value: ConfigNode, config: string): string | readonly string[] | null {
  if (isNullNode(value)) return null;
  if (value.kind === "scalar" && value.value.type === "str") return value.value.value;
  if (value.kind === "list") {
    return value.items.map((item) => {
      if (item.kind === "scalar" && item.value.type === "str") return item.value.value;
      throw badList(
        `In '${config}': option names in a defaults list must be text`,
        item.origin,
        "Quote a name that looks like a number.",
      );
    });
  }
  throw badList(
    `In '${config}': an option in a defaults list must be a name or a list of names`,
    value.origin,
    "Quote a name that looks like a number.",
  );
}

function splitPackage(text: string): { name: string; packageName: string | undefined } {
  const at = text.indexOf("@");
  return at === -1
    ? { name: text, packageName: undefined }
    : { name: text.slice(0, at), packageName: text.slice(at + 1) };
}

/** @throws {ConfigError} `bad_default_path` for a path that leaves the search path. */
export function checkPath(path: string, config: string, origin: Origin): void {
  const reason = path.split("/").includes("..") ? "'..'" : path.includes("\\") ? "a backslash" : undefined;
  if (reason === undefined && !path.includes("\0")) return;
  throw new ConfigError(
    "bad_default_path",
    `In '${config}': the path '${path}' must not contain ${reason ?? "a NUL"}.`,
    {
      position: positionOf(origin),
      hint: "Use an absolute path such as '/group/config' or '/group: option'.",
    },
  );
}

function badList(message: string, origin: Origin, hint?: string): ConfigError {
  return new ConfigError("bad_defaults_list", `${message}.`, { position: positionOf(origin), hint });
}

export function positionOf(origin: Origin): { file?: string; line?: number; column?: number } {
  return origin.kind === "file" ? { file: origin.file, line: origin.line, column: origin.column } : {};
}
