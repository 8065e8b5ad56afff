/** Types of the built-in `hydra` node (Hydra 1.4's HydraConf) and of the basic launcher and sweeper. */
import { ANY, type MapType, type ValueType } from "../tree/node-type.ts";

const TEXT: ValueType = { kind: "str", optional: false };
const OPTIONAL_TEXT: ValueType = { kind: "str", optional: true };
const TEXTS: ValueType = { kind: "list", element: TEXT, optional: false };

export const BASIC_LAUNCHER: MapType = record("BasicLauncherConf", { _target_: TEXT });

export const BASIC_SWEEPER: MapType = record("BasicSweeperConf", {
  _target_: TEXT,
  max_batch_size: { kind: "int", optional: true },
  params: { kind: "map", map: mapOf("Dict[str, str]", { kind: "text_or_container" }), optional: true },
});

/** `_target_` of the sweeper option `combined`. */
export const COMBINED_SWEEPER = "servesweep.CombinedSweeper";

export const COMBINED_SWEEPER_NODE: MapType = record("CombinedSweeperConf", {
  ...Object.fromEntries(BASIC_SWEEPER.fields),
  zip: ANY,
  points: ANY,
});

export const HYDRA: MapType = record("HydraConf", {
  mode: { kind: "enum", names: ["RUN", "MULTIRUN"], optional: true },
  searchpath: TEXTS,
  run: { kind: "map", map: record("RunDir", { dir: TEXT }), optional: false },
  sweep: { kind: "map", map: record("SweepDir", { dir: TEXT, subdir: TEXT }), optional: false },
  hydra_logging: anyMap(),
  job_logging: anyMap(),
  sweeper: ANY,
  launcher: ANY,
  callbacks: anyMap(),
  help: {
    kind: "map",
    map: record("HelpConf", { app_name: TEXT, header: TEXT, footer: TEXT, template: TEXT }),
    optional: false,
  },
  hydra_help: { kind: "map", map: record("HydraHelpConf", { hydra_help: TEXT, template: TEXT }), optional: false },
  output_subdir: OPTIONAL_TEXT,
  overrides: { kind: "map", map: record("OverridesConf", { hydra: TEXTS, task: TEXTS }), optional: false },
  job: { kind: "map", map: jobType(), optional: false },
  runtime: {
    kind: "map",
    map: record("RuntimeConf", {
      version: TEXT,
      version_base: TEXT,
      cwd: TEXT,
      config_sources: { kind: "list", element: ANY, optional: false },
      output_dir: TEXT,
      choices: anyMap(),
    }),
    optional: false,
  },
  verbose: ANY,
});

function jobType(): MapType {
  const dirname = record("OverrideDirname", { kv_sep: TEXT, item_sep: TEXT, exclude_keys: TEXTS });
  const config = record("JobConfig", { override_dirname: { kind: "map", map: dirname, optional: false } });
  return record("JobConf", {
    name: TEXT,
    chdir: { kind: "bool", optional: true },
    override_dirname: TEXT,
    id: TEXT,
    num: { kind: "int", optional: false },
    config_name: OPTIONAL_TEXT,
    env_set: { kind: "map", map: mapOf("Dict[str, str]", TEXT), optional: false },
    env_copy: TEXTS,
    config: { kind: "map", map: config, optional: false },
  });
}

function record(name: string, fields: Readonly<Record<string, ValueType>>): MapType {
  return { name, fields: new Map(Object.entries(fields)), other: undefined };
}

function mapOf(name: string, element: ValueType): MapType {
  return { name, fields: new Map(), other: element };
}

function anyMap(): ValueType {
  return { kind: "map", map: mapOf("Dict[str, Any]", ANY), optional: false };
}
