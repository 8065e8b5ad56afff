/** The configs that come with the engine: the `hydra` node and the options of its groups. */
import { type LoadedConfig, parseConfig } from "../sources/config-file.ts";
import type { ConfigSource } from "../sources/file-source.ts";
import { coerce } from "../tree/coerce.ts";
import { type ConfigNode, listNode, mapNode } from "../tree/node.ts";
import type { MapType } from "../tree/node-type.ts";
import { BUILT_IN } from "../tree/origin.ts";
import { compareText } from "../values/compare.ts";
import { BASIC_LAUNCHER, BASIC_SWEEPER, COMBINED_SWEEPER, COMBINED_SWEEPER_NODE, HYDRA } from "./node-types.ts";

interface BuiltIn {
  readonly text: string;
  readonly type?: MapType;
}

const LOGGING = "version: 1\nroot: {level: INFO}\ndisable_existing_loggers: false\n";
const NO_LOGGING = "version: 1\nroot: {handlers: []}\ndisable_existing_loggers: false\n";

const CONFIGS: Readonly<Record<string, BuiltIn>> = {
  "hydra/config": {
    type: HYDRA,
    text: `
defaults:
  - output: default
  - launcher: basic
  - sweeper: basic
  - help: default
  - hydra_help: default
  - hydra_logging: default
  - job_logging: default
  - callbacks: null
  - env: default
mode: null
searchpath: []
run: {dir: ???}
sweep: {dir: ???, subdir: ???}
hydra_logging: ???
job_logging: ???
sweeper: ???
launcher: ???
callbacks: {}
help: {app_name: ???, header: ???, footer: ???, template: ???}
hydra_help: {hydra_help: ???, template: ???}
output_subdir: .hydra
overrides: {hydra: [], task: []}
job:
  name: ???
  chdir: null
  override_dirname: ???
  id: ???
  num: ???
  config_name: ???
  env_set: {}
  env_copy: []
  config:
    override_dirname: {kv_sep: '=', item_sep: ',', exclude_keys: []}
runtime: {version: ???, version_base: ???, cwd: ???, config_sources: ???, output_dir: ???, choices: {}}
verbose: false
`,
  },
  "hydra/output/default": {
    text: `# @package hydra
run:
  dir: outputs/\${now:%Y-%m-%d}/\${now:%H-%M-%S}
sweep:
  dir: multirun/\${now:%Y-%m-%d}/\${now:%H-%M-%S}
  subdir: \${hydra.job.num}
`,
  },
  "hydra/launcher/basic": {
    type: BASIC_LAUNCHER,
    text: "_target_: hydra._internal.core_plugins.basic_launcher.BasicLauncher\n",
  },
  "hydra/sweeper/basic": {
    type: BASIC_SWEEPER,
    text: "_target_: hydra._internal.core_plugins.basic_sweeper.BasicSweeper\nmax_batch_size: null\nparams: null\n",
  },
  "hydra/sweeper/combined": {
    type: COMBINED_SWEEPER_NODE,
    text: `_target_: ${COMBINED_SWEEPER}\nmax_batch_size: null\nparams: null\nzip: null\npoints: null\n`,
  },
  "hydra/help/default": { text: "app_name: ${hydra.job.name}\nheader: ''\nfooter: ''\ntemplate: ''\n" },
  "hydra/hydra_help/default": { text: "hydra_help: ???\ntemplate: ''\n" },
  "hydra/hydra_logging/default": { text: LOGGING },
  "hydra/hydra_logging/disabled": { text: NO_LOGGING },
  "hydra/hydra_logging/hydra_debug": { text: LOGGING.replace("INFO", "DEBUG") },
  "hydra/hydra_logging/none": { text: "root: null\n" },
  "hydra/job_logging/default": { text: LOGGING },
  "hydra/job_logging/disabled": { text: NO_LOGGING },
  "hydra/job_logging/none": { text: "root: null\n" },
  "hydra/job_logging/stdout": { text: LOGGING },
  "hydra/env/default": { text: "" },
};

const GROUPS = new Set(
  Object.keys(CONFIGS)
    .flatMap((path) => parents(path))
    .concat("hydra/callbacks"),
);

/** First on every search path. */
export function builtInSource(): ConfigSource {
  const loaded = new Map<string, LoadedConfig>();
  return {
    provider: "hydra",
    location: "built-in options",
    isAvailable: () => true,
    isGroup: (group) => GROUPS.has(group),
    isConfig: (config) => Object.hasOwn(CONFIGS, config),
    options: (group) => childNames(Object.keys(CONFIGS), group),
    groups: (group) => childNames([...GROUPS], group),
    load: (config) => {
      let found = loaded.get(config);
      if (found === undefined) {
        found = loadBuiltIn(config, CONFIGS[config]!);
        loaded.set(config, found);
      }
      return found;
    },
  };
}

function loadBuiltIn(path: string, builtIn: BuiltIn): LoadedConfig {
  const config = parseConfig(builtIn.text, path, "hydra", `<${path}>`);
  const tree = withoutPositions(config.tree);
  const { type } = builtIn;
  return {
    ...config,
    tree: type === undefined ? tree : coerce(tree, { kind: "map", map: type, optional: false }, path),
  };
}

function withoutPositions(node: ConfigNode): ConfigNode {
  if (node.kind === "scalar") return { ...node, origin: BUILT_IN };
  if (node.kind === "list") return listNode(node.items.map(withoutPositions), BUILT_IN);
  return mapNode(new Map([...node.entries].map(([key, child]) => [key, withoutPositions(child)])), BUILT_IN);
}

function parents(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

function childNames(paths: readonly string[], group: string): string[] {
  const prefix = group === "" ? "" : `${group}/`;
  return paths
    .filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes("/"))
    .map((path) => path.slice(prefix.length))
    .filter((name) => name !== "")
    .sort(compareText);
}
