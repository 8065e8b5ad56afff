/** Runs one recorded case and says how it differs, or `undefined` when it agrees. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  Composer,
  isSweepOverride,
  listJobs,
  overrideKey,
  parseOverride,
  planSweep,
  printValue,
  wholeFloatPaths,
} from "../../dist/config/index.js";
import { decode, difference, sameErrorKind, samePointers } from "./compare.js";
import { describeValue } from "./typed-value.js";

const NOW = new Date(2024, 0, 2, 3, 4, 5);

/** @returns {string | undefined} the first difference. */
export function runCase(line, places) {
  if ("input" in line) return runGrammar(line);
  const isMultirun =
    line.kind === "multirun" || (line.kind === undefined && ("jobs" in line.expect || "stage" in line.expect));
  const folder = mkdtempSync(path.join(tmpdir(), "conformance-"));
  try {
    const composer = prepare(line, folder, places);
    return isMultirun ? runMultirun(line, composer, folder) : runCompose(line, composer, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function prepare(line, folder, places) {
  const primary =
    line.config_dir === undefined ? path.join(folder, "conf") : path.join(places.splitwise, line.config_dir);
  if (line.files !== undefined) writeFiles(primary, line.files);
  for (const [name, files] of Object.entries(line.search_files ?? {})) writeFiles(path.join(folder, name), files);
  return new Composer({
    searchPath: [{ provider: "main", path: primary }],
    configName: line.config_name,
    jobName: "app",
    env: line.env ?? {},
    now: NOW,
    cwd: folder,
  });
}

function writeFiles(directory, files) {
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** The expectation, by the rule that a bare `~key` deletes whatever the value is, also in the jobs of a sweep. */
function expectationOf(line) {
  const bareDeletion = (line.overrides ?? []).some((text) => /^~[^=]+$/.test(text));
  const failsOnNull = JSON.stringify(line.expect).includes('"delete_failed"');
  return bareDeletion && failsOnNull && line.alt_expect !== undefined ? line.alt_expect : line.expect;
}

function attempt(action) {
  try {
    return { value: action() };
  } catch (error) {
    if (error.code !== "CONFIG" && error.code !== "OVERRIDE_SYNTAX") {
      return { crash: `${error.name}: ${error.message}\n${error.stack}` };
    }
    return { error: error.code === "OVERRIDE_SYNTAX" ? "override_syntax" : error.label, message: error.message };
  }
}

/** Compares how something ended; `undefined` when both succeeded. */
function compareOutcome(expected, outcome, where) {
  if (outcome.crash !== undefined) return `${where}: crash ${outcome.crash}`;
  if (expected?.error === true) {
    if (outcome.error === undefined) return `${where}: expected the error ${expected.error_kind}, got a result`;
    return sameErrorKind(expected.error_kind, outcome.error)
      ? "same"
      : `${where}: expected ${expected.error_kind}, got ${outcome.error} (${outcome.message})`;
  }
  return outcome.error === undefined ? undefined : `${where}: unexpected error ${outcome.error}: ${outcome.message}`;
}

function runGrammar(line) {
  const { expect } = line;
  const outcome = attempt(() => parseOverride(line.input));
  const ended = compareOutcome(expect, outcome, "parse");
  if (ended !== undefined) return ended === "same" ? undefined : ended;
  const override = outcome.value;
  const facts = {
    key: override.key,
    type: override.type,
    is_sweep: isSweepOverride(override),
    key_element: overrideKey(override),
    value_type: override.valueKind ?? null,
    value: describeValue(override.value),
    ...(override.package === undefined ? {} : { package: override.package }),
  };
  const wanted = Object.fromEntries(Object.keys(facts).map((key) => [key, expect[key]]));
  const different =
    difference(grammarValue(withoutRepr(wanted), expect.order_free), grammarValue(facts, expect.order_free)) ??
    (expect.package !== undefined && override.package === undefined ? "package: missing" : undefined);
  return different ?? grammarTexts(override, expect);
}

/** Orders what the recording's shuffling ordered. */
function grammarValue(facts, orderFree) {
  if (orderFree !== true) return facts;
  const { value } = facts;
  const sorted = (list) => [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (Array.isArray(value.list)) return { ...facts, value: { ...value, list: sorted(value.list) } };
  return Array.isArray(value.value) ? { ...facts, value: { ...value, value: sorted(value.value) } } : facts;
}

/** A Python value without JSON form is recorded as its `repr`, which nobody else has. */
function withoutRepr(facts) {
  return JSON.parse(JSON.stringify(facts), (_, value) => (value?.type === "other" ? { type: "other" } : value));
}

function grammarTexts(override, expect) {
  if (expect.value_str !== undefined && expect.value_str !== null) {
    const text = printValue(override.value);
    if (text !== expect.value_str) return `value_str: expected ${expect.value_str}, got ${text}`;
  }
  if (expect.value_str_error !== undefined) {
    if (attempt(() => printValue(override.value)).error === undefined) return "value_str: expected an error";
  }
  const expand = () => listJobs(planSweep([override], { groupOptions: () => [], shuffle: identity }), 10_000);
  if (expect.expansion_error !== undefined || expect.basic_sweeper_error !== undefined) {
    const outcome = attempt(expand);
    return outcome.error === undefined ? "expansion: expected an error" : undefined;
  }
  if (expect.multirun !== undefined) {
    const outcome = attempt(expand);
    const ended = compareOutcome(Array.isArray(expect.multirun) ? undefined : expect.multirun, outcome, "multirun");
    if (ended !== undefined) return ended === "same" ? undefined : ended;
    const jobs = outcome.value.map((job) => job.join(" "));
    const [a, b] =
      expect.order_free === true ? [[...expect.multirun].sort(), [...jobs].sort()] : [expect.multirun, jobs];
    const different = difference(a, b, [], "multirun");
    if (different !== undefined) return different;
    if (expect.expansion !== undefined) {
      const values = jobs.map((job) => job.slice(overrideKey(override).length + 1));
      const [x, y] =
        expect.order_free === true ? [[...expect.expansion].sort(), values.sort()] : [expect.expansion, values];
      return difference(x, y, [], "expansion");
    }
  }
  if (expect.expansion_unbounded === true && attempt(expand).error === undefined) return "expansion: expected a limit";
  return undefined;
}

function identity(length) {
  return Array.from({ length }, (_, index) => index);
}

function runCompose(line, composer, folder) {
  const expect = expectationOf(line);
  const replacements = [["<ROOT>", folder]];
  const outcome = attempt(() => composer.compose(line.overrides));
  const ended = compareOutcome(expect, outcome, "compose");
  if (ended !== undefined) return ended === "same" ? undefined : ended;
  const composition = outcome.value;
  return (
    difference(decode(expect.result), composition.unresolved(), replacements, "result") ??
    (samePointers(expect.float_paths, wholeFloatPaths(composition.taskNode()))
      ? undefined
      : `float_paths: expected ${expect.float_paths}, got ${wholeFloatPaths(composition.taskNode())}`) ??
    compareText(expect.yaml, composition.toYaml("job")) ??
    compareResolved(expect, composition, replacements) ??
    difference(expect.choices, Object.fromEntries(composition.choices), [], "choices") ??
    difference(expect.defaults_list, defaultsList(composition), replacements, "defaults_list") ??
    compareHydra(expect.hydra, composition, replacements)
  );
}

function compareText(expected, actual) {
  if (expected === undefined || expected === actual) return undefined;
  const [a, b] = [expected.split("\n"), actual.split("\n")];
  const index = a.findIndex((text, i) => text !== b[i]);
  return `yaml line ${index + 1}: expected ${JSON.stringify(a[index])}, got ${JSON.stringify(b[index])}`;
}

function compareResolved(expect, composition, replacements) {
  const outcome = attempt(() => composition.resolved());
  const ended = compareOutcome(expect.resolved, outcome, "resolved");
  if (ended !== undefined) return ended === "same" ? undefined : ended;
  const different = difference(decode(expect.resolved), outcome.value, replacements, "resolved");
  if (different !== undefined) return different;
  const paths = wholeFloatPaths(composition.resolvedNode());
  return samePointers(expect.resolved_float_paths, paths)
    ? undefined
    : `resolved_float_paths: expected ${expect.resolved_float_paths}, got ${paths}`;
}

function defaultsList(composition) {
  return composition.defaultsList
    .filter((entry) => entry.configPath !== "hydra/config" && !entry.configPath.startsWith("hydra/"))
    .map((entry) => ({
      config_path: entry.configPath,
      package: entry.package,
      parent: entry.parent,
      is_self: entry.isSelf,
    }));
}

function compareHydra(expected, composition, replacements) {
  for (const [key, recorded] of Object.entries(expected ?? {})) {
    const outcome = attempt(() => composition.hydraResolved(key));
    const ended = compareOutcome(recorded, outcome, `hydra.${key}`);
    if (ended === "same") continue;
    const actual = outcome.value;
    const different = ended ?? difference(decode(recorded), actual, replacements, `hydra.${key}`);
    if (different !== undefined) return different;
  }
  return undefined;
}

function runMultirun(line, composer, folder) {
  const expect = expectationOf(line);
  const replacements = [["<ROOT>", folder]];
  const outcome = attempt(() => composer.expand(line.overrides));
  const ended = compareOutcome(expect, outcome, "expand");
  if (ended !== undefined) return ended === "same" ? undefined : ended;
  const expansion = outcome.value;
  return (
    difference(expect.sweep_arguments, expansion.sweepArguments, [], "sweep_arguments") ??
    difference(expect.mode ?? null, expansion.master.hydraResolved("mode"), [], "mode") ??
    difference(expect.batch_sizes, [...expansion.batches], [], "batch_sizes") ??
    (expect.n_jobs === expansion.jobs.length
      ? undefined
      : `n_jobs: expected ${expect.n_jobs}, got ${expansion.jobs.length}`) ??
    compareHash(line, expect, expansion) ??
    compareJobs(expect, expansion, composer, replacements)
  );
}

function compareHash(line, expect, expansion) {
  if (line.order_free === true || expect.order_free === true) return undefined;
  const text = expansion.jobs.map((job) => job.overrides.join("\t")).join("\n");
  const hash = createHash("sha256").update(text).digest("hex");
  return hash === expect.overrides_sha256
    ? undefined
    : `overrides_sha256 differs; first job: ${expansion.jobs[0]?.overrides}`;
}

function compareJobs(expect, expansion, composer, replacements) {
  let base;
  let baseUnresolved;
  for (const recorded of expect.jobs) {
    const job = expansion.jobs[recorded.num];
    const where = `job ${recorded.num}`;
    const overridesDiffer = difference(recorded.overrides, [...job.overrides], [], `${where} overrides`);
    if (overridesDiffer !== undefined) return overridesDiffer;
    const outcome = attempt(() => composer.composeJob(expansion, job));
    const ended = compareOutcome(recorded, outcome, where);
    if (ended === "same") continue;
    if (ended !== undefined) return ended;
    const composition = outcome.value;
    const isBase = recorded.num === expect.base_job;
    const usesUnresolved = "resolved_error" in recorded;
    if (isBase) {
      base = usesUnresolved ? undefined : decode(expect.base_config);
      baseUnresolved = usesUnresolved ? decode(expect.base_config) : undefined;
    }
    const different =
      compareJobConfig(recorded, composition, base ?? baseUnresolved, where, replacements) ??
      compareJobFacts(recorded, composition, where, replacements);
    if (different !== undefined) return different;
  }
  return undefined;
}

function compareJobConfig(recorded, composition, base, where, replacements) {
  const usesUnresolved = "resolved_error" in recorded;
  const outcome = attempt(() => composition.resolved());
  if (usesUnresolved) {
    const ended = compareOutcome(recorded.resolved_error, outcome, `${where} resolved`);
    if (ended !== "same") return ended;
  } else {
    const ended = compareOutcome(undefined, outcome, `${where} resolved`);
    if (ended !== undefined) return ended;
  }
  if (base === undefined) return undefined;
  const expected = patched(base, recorded);
  const actual = usesUnresolved ? composition.unresolved() : outcome.value;
  const different = difference(expected, actual, replacements, where);
  if (different !== undefined) return different;
  const paths = wholeFloatPaths(usesUnresolved ? composition.taskNode() : composition.resolvedNode());
  return samePointers(recorded.float_paths, paths)
    ? undefined
    : `${where} float_paths: expected ${recorded.float_paths}, got ${paths}`;
}

function compareJobFacts(recorded, composition, where, replacements) {
  return (
    difference(recorded.override_dirname, composition.overrideDirname, replacements, `${where} override_dirname`) ??
    (recorded.subdir === undefined ? undefined : compareSubdir(recorded.subdir, composition, where, replacements)) ??
    (recorded.choices === undefined
      ? undefined
      : difference(recorded.choices, Object.fromEntries(composition.choices), [], `${where} choices`))
  );
}

function compareSubdir(expected, composition, where, replacements) {
  const outcome = attempt(() => composition.hydraResolved("sweep.subdir"));
  const ended = compareOutcome(expected, outcome, `${where} subdir`);
  if (ended !== undefined) return ended === "same" ? undefined : ended;
  return difference(expected, String(outcome.value), replacements, `${where} subdir`);
}

/** The base configuration with the recorded changes applied. */
function patched(base, recorded) {
  const copy = structuredClone(base);
  for (const pointer of recorded.removed ?? []) {
    const [parent, key] = locate(copy, pointer);
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  }
  for (const [pointer, value] of Object.entries(recorded.changed ?? {})) {
    if (pointer === "") return decode(value);
    const [parent, key] = locate(copy, pointer);
    parent[key] = decode(value);
  }
  return copy;
}

function locate(root, pointer) {
  const parts = pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  let parent = root;
  for (const part of parts.slice(0, -1)) {
    if (parent[part] === undefined) parent[part] = {};
    parent = parent[part];
  }
  return [parent, parts[parts.length - 1]];
}
