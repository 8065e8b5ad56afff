/** Instances in pools by their tag: those that prefill, and those that decode. */
import { ConfigError } from "../../errors.ts";
import type { Instance } from "../cluster/instance.ts";

export class TaggedPools<Pool extends { push(instance: Instance): unknown }> {
  readonly prefill: Pool;
  readonly decode: Pool;

  constructor(prefill: Pool, decode: Pool) {
    this.prefill = prefill;
    this.decode = decode;
  }

  /** An instance without a tag joins no pool. */
  add(instance: Instance): void {
    if (instance.tag === "prompt") this.prefill.push(instance);
    else if (instance.tag === "token") this.decode.push(instance);
  }
}

/** The chosen instance, or a ConfigError that says which pool is empty. */
export function required(instance: Instance | undefined, pool: "prefill" | "decode"): Instance {
  if (instance !== undefined) return instance;
  throw new ConfigError("no_instances", `No instances available for ${pool}: the scheduler's ${pool} pool is empty.`, {
    path: "start_state",
    hint: "Schedulers that transfer KV caches need start_state=splitwise and servers for both of its pools.",
  });
}
