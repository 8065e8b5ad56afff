/** Reads a YAML file of any kind (repositories of hardware, models) into plain data with positions. */

import { mapNode } from "../tree/node.ts";
import { BUILT_IN, type Origin } from "../tree/origin.ts";
import { nodeAt, splitPath } from "../tree/path.ts";
import { toPlain } from "../tree/plain-data.ts";
import type { PlainValue } from "../values/plain.ts";
import { readYamlTree } from "./reader.ts";

export interface YamlDocument {
  /** Frozen. Interpolations stay as text. */
  readonly value: PlainValue;
  /** Where the value at a dotted path stands. */
  originOf(path: string): Origin | undefined;
}

/**
 * Reads YAML in Hydra's dialect (YAML 1.1 as PyYAML reads it, with OmegaConf's changes); an empty text is `{}`.
 * @throws {ConfigError} `yaml_error` with file, line and column.
 */
export function readYaml(text: string, file: string): YamlDocument {
  const tree = readYamlTree(text, file) ?? mapNode(new Map(), BUILT_IN);
  return {
    value: toPlain(tree),
    originOf: (path) => nodeAt(tree, splitPath(path))?.origin,
  };
}
