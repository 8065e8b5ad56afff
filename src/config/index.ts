/** servesweep/config: composes configurations as Hydra does and expands them into sweeps. Knows no simulator. */

export { editDistance, suggest } from "../suggest.ts";
export { combinedSweeper } from "./compose/combined-sweeper.ts";
export {
  type ComposeContext,
  Composer,
  type ComposerOptions,
  type Expansion,
  type SweepJob,
} from "./compose/composer.ts";
export { Composition, type CompositionFacts, type YamlPart } from "./compose/composition.ts";
export type { SearchPathEntry } from "./compose/search-path.ts";
export { basicSweeper, type Sweeper, type SweeperContext, type SweptJobs } from "./compose/sweeper.ts";
export type { DefaultsListEntry } from "./defaults/list.ts";
export type { TreeNode as DefaultsTreeNode } from "./defaults/tree.ts";
export { batchSizes, listJobs, planSweep, type SweepPlan } from "./override/expand.ts";
export { parseOverride } from "./override/parser.ts";
export { printValue } from "./override/print.ts";
export type { SweepContext } from "./override/sweep-values.ts";
export {
  isHydraOverride,
  isSweepOverride,
  type Override,
  type OverrideType,
  type OverrideValue,
  type OverrideValueKind,
  overrideKey,
} from "./override/value.ts";
export { SourceCache } from "./sources/source-cache.ts";
export type { ConfigNode, ListNode, MapNode, ScalarNode } from "./tree/node.ts";
export { describeOrigin, type Origin } from "./tree/origin.ts";
export { wholeFloatPaths } from "./tree/plain-data.ts";
export { isPlainMap, type PlainMap, type PlainValue } from "./values/plain.ts";
export { floatRepr, pythonRepr, pythonStr } from "./values/python-text.ts";
export type { Scalar } from "./values/scalar.ts";
export { readYaml, type YamlDocument } from "./yaml/document.ts";
export { dumpYaml } from "./yaml/dumper.ts";
