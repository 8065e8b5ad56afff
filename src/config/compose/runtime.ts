/** Fills in what the `hydra` node says about the composition itself: choices, overrides, job. */
import { ConfigError } from "../../errors.ts";
import type { Override } from "../override/value.ts";
import { type ConfigNode, listNode, type MapNode, mapNode, type ScalarNode, scalarNode } from "../tree/node.ts";
import { BUILT_IN } from "../tree/origin.ts";
import { compareText } from "../values/compare.ts";
import { int, NULL, type Scalar, str } from "../values/scalar.ts";

export interface RuntimeFacts {
  readonly hydraOverrides: readonly string[];
  readonly taskOverrides: readonly string[];
  readonly overrideDirname: string;
  readonly jobName: string;
  readonly configName: string | null;
  readonly jobNumber: number | undefined;
  readonly jobId: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Facts that do not depend on the job, already as nodes. */
export interface SharedFacts {
  readonly choices: ConfigNode;
  readonly cwd: ConfigNode;
  readonly sources: ConfigNode;
}

const VERSION = "1.4";

export function withRuntimeFacts(root: MapNode, facts: RuntimeFacts, shared: SharedFacts): MapNode {
  const hydra = root.entries.get("hydra");
  if (hydra?.kind !== "map") return root;
  const fields: [string, ConfigNode][] = [
    [
      "overrides",
      update(hydra, "overrides", [
        ["hydra", texts(facts.hydraOverrides)],
        ["task", texts(facts.taskOverrides)],
      ]),
    ],
    ["job", update(hydra, "job", jobFields(hydra, facts))],
    [
      "runtime",
      update(hydra, "runtime", [
        ["version", VERSION_NODE],
        ["version_base", VERSION_NODE],
        ["cwd", shared.cwd],
        ["config_sources", shared.sources],
        ["choices", shared.choices],
      ]),
    ],
  ];
  return replaced(root, [["hydra", replaced(hydra, fields)]]);
}

/** Texts of the task overrides, sorted and joined, for use in directory names. */
export function overrideDirname(overrides: readonly Override[], hydra: ConfigNode | undefined): string {
  const config = childMap(childMap(childMap(hydra, "job"), "config"), "override_dirname");
  const excluded = config?.entries.get("exclude_keys");
  const excludedKeys = excluded?.kind === "list" ? excluded.items.map((item) => textOf(item)) : [];
  const lines = overrides.filter((override) => !excludedKeys.includes(override.key)).map((override) => override.text);
  const separator = textOf(config?.entries.get("item_sep")) ?? ",";
  return lines
    .sort(compareText)
    .join(separator)
    .replaceAll("=", textOf(config?.entries.get("kv_sep")) ?? "=");
}

export function texts(values: readonly string[]): ConfigNode {
  // Overrides are kept as they were typed; their interpolations are resolved where the list is printed.
  return listNode(values.map(overrideText), BUILT_IN);
}

export function literal(value: Scalar): ScalarNode {
  return { kind: "scalar", value, expression: undefined, origin: BUILT_IN };
}

const VERSION_NODE = literal(str(VERSION));

function overrideText(value: string): ScalarNode {
  if (!value.includes("${")) return literal(str(value));
  try {
    return scalarNode(str(value), BUILT_IN);
  } catch (error) {
    if (error instanceof ConfigError) return literal(str(value));
    throw error;
  }
}

function jobFields(hydra: MapNode, facts: RuntimeFacts): [string, ConfigNode][] {
  const job = childMap(hydra, "job");
  const fields: [string, ConfigNode][] = [["override_dirname", literal(str(facts.overrideDirname))]];
  const name = job?.entries.get("name");
  if (name === undefined || textOf(name) === "???") fields.push(["name", literal(str(facts.jobName))]);
  fields.push(["config_name", literal(facts.configName === null ? NULL : str(facts.configName))]);
  if (facts.jobNumber !== undefined) fields.push(["num", literal(int(facts.jobNumber))]);
  if (facts.jobId !== undefined) fields.push(["id", literal(str(facts.jobId))]);
  const copied = copiedVariables(job, facts.env);
  if (copied !== undefined) fields.push(["env_set", copied]);
  return fields;
}

/** `hydra.job.env_copy`: variables of the environment that become part of `hydra.job.env_set`. */
function copiedVariables(job: MapNode | undefined, env: RuntimeFacts["env"]): ConfigNode | undefined {
  const names = job?.entries.get("env_copy");
  const target = childMap(job, "env_set");
  if (names?.kind !== "list" || names.items.length === 0 || target === undefined) return undefined;
  const fields = names.items.map((item): [string, ConfigNode] => {
    const name = textOf(item) ?? "";
    return [name, literal(str((Object.hasOwn(env, name) ? env[name] : undefined) ?? ""))];
  });
  return replaced(target, fields);
}

function update(parent: MapNode, key: string, fields: readonly (readonly [string, ConfigNode])[]): ConfigNode {
  const node = parent.entries.get(key);
  return node?.kind === "map" ? replaced(node, fields) : mapNode(new Map(fields), BUILT_IN);
}

function replaced(node: MapNode, fields: readonly (readonly [string, ConfigNode])[]): MapNode {
  const entries = new Map(node.entries);
  for (const [key, value] of fields) entries.set(key, value);
  return mapNode(entries, node.origin, node.type);
}

function childMap(node: ConfigNode | undefined, key: string): MapNode | undefined {
  const child = node?.kind === "map" ? node.entries.get(key) : undefined;
  return child?.kind === "map" ? child : undefined;
}

function textOf(node: ConfigNode | undefined): string | undefined {
  return node?.kind === "scalar" && node.value.type === "str" ? node.value.value : undefined;
}
