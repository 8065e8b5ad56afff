/** Two decisions of their own: a policy chooses the instance of each prefill, another that of each decode. */
import { ConfigError } from "../../errors.ts";
import { definitionAmong } from "../added-components.ts";
import type { Instance } from "../cluster/instance.ts";
import type { GlobalPolicy } from "../policy/global/global-policy.ts";
import { globalPolicies } from "../policy/global/index.ts";
import type { DisaggregatedSchedulerParameters } from "./scheduler.schema.ts";
import type { DecodeBinding, Placement, Scheduler, SchedulerContext, SchedulerDefinition } from "./scheduler.ts";
import { required } from "./tagged-pools.ts";

class DisaggregatedScheduler implements Scheduler {
  readonly decodeBinding: DecodeBinding;
  readonly #requests: SchedulerContext["requests"];
  readonly #prefill: GlobalPolicy;
  readonly #decode: GlobalPolicy;
  #firstPrefill: Instance | undefined;
  #firstDecode: Instance | undefined;

  constructor(context: SchedulerContext, decodeBinding: DecodeBinding) {
    this.decodeBinding = decodeBinding;
    this.#requests = context.requests;
    this.#prefill = policyOf(context, "prefill_global");
    this.#decode = policyOf(context, "decode_global");
  }

  addInstance(instance: Instance): void {
    if (instance.tag === "prompt") {
      this.#firstPrefill ??= instance;
      this.#prefill.addInstance(instance);
    } else if (instance.tag === "token") {
      this.#firstDecode ??= instance;
      this.#decode.addInstance(instance);
    }
  }

  checkInstances(): void {
    required(this.#firstPrefill, "prefill");
    required(this.#firstDecode, "decode");
  }

  place(request: number): Placement {
    this.checkInstances();
    const prefill = this.#prefill.choose(request);
    prefill.pendingTokens += this.#requests.promptTokens[request];
    return { prefill, decode: this.decodeBinding === "arrival" ? this.bindDecode(request) : undefined };
  }

  bindDecode(request: number): Instance {
    const decode = this.#decode.choose(request);
    decode.pendingTokens += 1;
    return decode;
  }
}

function policyOf(context: SchedulerContext, decision: "prefill_global" | "decode_global"): GlobalPolicy {
  const parameters = context.globalPolicies[decision];
  if (parameters === undefined) {
    throw new ConfigError("missing_policy", `scheduler=disaggregated needs a policy in ${decision}.`, {
      path: decision,
      hint: `For example +${decision}=round_robin; conf/scheduler/disaggregated.yaml brings one.`,
    });
  }
  return definitionAmong(globalPolicies, context.addedGlobalPolicies, parameters._target_).create(
    { requests: context.requests, choose: (count) => context.chooseFor(decision, count) },
    parameters,
  );
}

export const disaggregated: SchedulerDefinition = {
  targets: ["schedulers.Disaggregated"],
  decidesGlobally: true,
  create: (context, parameters) =>
    new DisaggregatedScheduler(context, (parameters as DisaggregatedSchedulerParameters).decode_binding),
};
