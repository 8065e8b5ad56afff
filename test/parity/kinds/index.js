// Kinds of goldens. A golden is a folder or a JSON file; its kind is read from its content, and a file may be of several.
import { distServeConfigurations, distServeRun, distServeSearch } from "./distserve.js";
import { llmServing, onTime, sources } from "./llm-serving.js";
import { llmSimulator } from "./llm-simulator.js";
import { llmViewer, profiler } from "./roofline.js";
import { splitwise } from "./splitwise.js";
import { swap } from "./swap.js";
import { swapArrivals } from "./swap-arrivals.js";
import { vllmV0 } from "./vllm-v0.js";
import { vllmV1 } from "./vllm-v1.js";

/**
 * @typedef {object} Kind
 * @property {string} name
 * @property {(path: string, content: unknown) => boolean} matches `content`: the parsed file; undefined for a folder
 * @property {(path: string, context: Context, content: unknown) => Promise<string[]>} check lines that say what differs; none if nothing does
 *
 * @typedef {object} Context
 * @property {string} project folder of the project
 * @property {string[]} traceDirs folders where traces are looked for
 * @property {string} outputDir a folder of this golden's own, not there yet
 * @property {string | undefined} configPath SplitwiseSim's own configuration, if that is to be composed
 */

/** @type {Kind[]} */
export const kinds = [
  splitwise,
  llmServing,
  onTime,
  sources,
  llmSimulator,
  profiler,
  llmViewer,
  swapArrivals,
  vllmV0,
  vllmV1,
  distServeRun,
  distServeSearch,
  distServeConfigurations,
  swap,
];
