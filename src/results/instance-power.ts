/** Watts of an instance at a moment, from the constants of its processors' power model. */
import type { InstanceRecord } from "../sim/recorder.ts";

/** Watts of a processor by its name, in each state. */
export interface PowerConstants {
  readonly idle_power: Readonly<Record<string, number>>;
  readonly prompt_power: Readonly<Record<string, number>>;
  readonly token_power: Readonly<Record<string, number>>;
}

/** `batchTokens`: of the running iteration, -1 if unknown. Undefined where the model has no such processor or the state is unknown. */
export function instanceWatts(
  model: PowerConstants,
  { processorName, processors }: Pick<InstanceRecord, "processorName" | "processors">,
  { running, batchTokens }: { readonly running: number; readonly batchTokens: number },
): number | undefined {
  const states = stateOf(running, batchTokens);
  const watts = states === undefined ? undefined : ownValue(model[states], processorName);
  return watts === undefined ? undefined : watts * processors;
}

/** A decode computes one token; whatever has more computes a part of a prompt. */
function stateOf(running: number, batchTokens: number): "idle_power" | "prompt_power" | "token_power" | undefined {
  if (running === 0) return "idle_power";
  if (batchTokens < 0) return undefined;
  return batchTokens > running ? "prompt_power" : "token_power";
}

function ownValue(watts: Readonly<Record<string, number>>, name: string): number | undefined {
  return Object.hasOwn(watts, name) ? watts[name] : undefined;
}
