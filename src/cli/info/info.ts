/** `sweep --info KIND`: how a configuration was composed, for people or (`--json`) for programs. */
import type { Composer, Composition } from "../../config/index.ts";
import type { Plugin } from "../../inputs/plugins/plugin.ts";
import type { InfoKind } from "../options.ts";
import { defaultsJson, defaultsTable, defaultsTreeJson, defaultsTreeText } from "./defaults.ts";
import { originsJson, originsText } from "./origins.ts";
import { plugins, pluginsText } from "./plugins.ts";
import { searchPathJson, searchPathTable } from "./search-path.ts";

export interface InfoRequest {
  readonly composer: Composer;
  readonly composition: Composition;
  readonly overrides: readonly string[];
  /** Whether `config` is shown with its interpolations resolved. */
  readonly resolve: boolean;
  /** Those of --plugin. */
  readonly own?: readonly Plugin[];
}

interface Part {
  readonly title: string;
  text(request: InfoRequest): string;
  json(request: InfoRequest): unknown;
}

const PARTS: Readonly<Record<Exclude<InfoKind, "all">, Part>> = {
  defaults: {
    title: "Defaults list",
    text: ({ composition }) => defaultsTable(composition),
    json: ({ composition }) => defaultsJson(composition),
  },
  "defaults-tree": {
    title: "Defaults tree",
    text: ({ composition }) => defaultsTreeText(composition),
    json: ({ composition }) => defaultsTreeJson(composition),
  },
  searchpath: {
    title: "Config search path",
    text: ({ composer, overrides }) => searchPathTable(composer, overrides),
    json: ({ composer, overrides }) => searchPathJson(composer, overrides),
  },
  config: {
    title: "Config",
    text: ({ composition, resolve }) => composition.toYaml("job", { resolve }),
    json: ({ composition, resolve }) => (resolve ? composition.resolved() : composition.unresolved()),
  },
  plugins: {
    title: "Plugins",
    text: (request) => pluginsText(plugins(request)),
    json: plugins,
  },
  origins: {
    title: "Origins",
    text: ({ composition }) => originsText(composition),
    json: ({ composition }) => originsJson(composition),
  },
};

/** The text of one kind; of `all` kinds, each below its title. */
export function infoText(kind: InfoKind, request: InfoRequest): string {
  if (kind !== "all") return PARTS[kind].text(request);
  return Object.values(PARTS)
    .map(({ title, text }) => `${title}\n${"*".repeat(title.length)}\n${text(request)}`)
    .join("\n");
}

/** Plain data of one kind; of `all` kinds, by kind. */
export function infoJson(kind: InfoKind, request: InfoRequest): unknown {
  if (kind !== "all") return PARTS[kind].json(request);
  return Object.fromEntries(Object.entries(PARTS).map(([name, { json }]) => [name, json(request)]));
}
