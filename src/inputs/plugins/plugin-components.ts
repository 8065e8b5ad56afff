/** What a plugin's module exports, checked. */
import { Ajv } from "ajv";
import { SweepError } from "../../errors.ts";
import type { Validator } from "../../schema/validate.ts";
import type { AddedComponents } from "../../sim/added-components.ts";
import { globalPolicies } from "../../sim/policy/global/index.ts";
import { localOrders } from "../../sim/policy/local/index.ts";
import { schedulers } from "../../sim/scheduler/index.ts";
import { suggest } from "../../suggest.ts";
import { checkedScheduler } from "./checked-scheduler.ts";
import type { PluginComponent } from "./plugin.ts";

export type PluginKind = keyof AddedComponents;

const SHIPPED: AddedComponents = { schedulers, globalPolicies, localOrders };
export const PLUGIN_KINDS = Object.keys(SHIPPED) as PluginKind[];

/** Errors: SweepError `CONFIG` for exports that are no components, and names that shipped components have. */
export function componentsOf(path: string, exported: Readonly<Record<string, unknown>>) {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true });
  const refuse = (what: string, hint?: string): never => {
    throw new SweepError("CONFIG", `--plugin: '${path}' ${what}.`, { hint });
  };
  for (const name of Object.keys(exported)) {
    if (PLUGIN_KINDS.some((kind) => kind === name)) continue;
    const near = suggest(name, PLUGIN_KINDS)[0];
    refuse(
      `exports '${name}', expected ${PLUGIN_KINDS.join(", ")}`,
      near === undefined ? undefined : `Did you mean '${near}'?`,
    );
  }
  const components = PLUGIN_KINDS.flatMap((kind) => {
    const definitions = exported[kind] ?? [];
    if (!Array.isArray(definitions)) return refuse(`exports ${kind} that are no array`);
    return definitions.map((definition: unknown, index): PluginComponent => {
      const name = `${kind}[${index}]`;
      if (!isMapping(definition)) return refuse(`exports ${name} that is no object`);
      const { targets, create, parameters = {} } = definition;
      if (!isNames(targets))
        return refuse(`exports ${name} without targets, an array of names such as 'mine.Shortest'`);
      if (typeof create !== "function") return refuse(`exports ${name} ('${targets[0]}') without a function create`);
      if (!isMapping(parameters)) return refuse(`exports ${name} ('${targets[0]}') with parameters that are no object`);
      const taken = targets.find((target) => SHIPPED[kind].some((shipped) => shipped.targets.includes(target)));
      if (taken !== undefined) return refuse(`registers '${taken}', which is the name of a shipped component`);
      let validator: Validator;
      try {
        validator = ajv.compile({ type: "object", properties: parameters, required: Object.keys(parameters) });
      } catch (error) {
        return refuse(
          `exports ${name} ('${targets[0]}') with parameters that are no JSON Schemas: ${(error as Error).message}`,
        );
      }
      return { kind, targets, parameters, validator };
    });
  });
  if (components.length === 0) refuse("registers nothing", `Export an array: ${PLUGIN_KINDS.join(", ")}.`);
  const listOf = (kind: PluginKind) => exported[kind] ?? [];
  const added = Object.fromEntries(PLUGIN_KINDS.map((kind) => [kind, listOf(kind)])) as unknown as AddedComponents;
  const checked = added.schedulers.map((definition) => checkedScheduler(path, definition));
  return { added: { ...added, schedulers: checked }, components };
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string" && name !== "");
}
