/** Instances as their start state describes them: iteration-level scheduling as in ORCA or Splitwise, or whole tasks. */
import { checkRequestsFit } from "../checks.ts";
import type { Instance } from "../cluster/instance.ts";
import type { ContinuousBatchingParameters } from "./engine.schema.ts";
import type { Engine, EngineContext, EngineDefinition, EngineOwner } from "./engine.ts";
import type { InstanceParameters } from "./instance-parameters.ts";
import { IterationEngine } from "./iteration-engine.ts";
import { OrcaPolicy } from "./orca-policy.ts";
import { SplitwisePolicy } from "./splitwise-policy.ts";
import { TaskEngine } from "./task-engine.ts";
import { WaitingTasks } from "./waiting-tasks.ts";

function create(
  context: EngineContext,
  instance: Instance,
  parameters: InstanceParameters,
  { timed, overheads, listener, debug, turns }: EngineOwner,
): Engine {
  const { kernel, requests, tasks, links, performance, tokenGaps, timeline } = context;
  const { admission, ageing, interruption } = context.config.engine as ContinuousBatchingParameters;
  const track = timeline?.addTrack(instance);
  if (parameters.instance_type === "DEFAULT") {
    const times = performance.taskTimes(timed);
    return new TaskEngine({
      instance,
      kernel,
      requests,
      tasks,
      links,
      times,
      tokenGaps,
      overheads,
      admission,
      listener,
      track,
    });
  }
  const times = performance.iterationTimes(timed);
  // No batch holds more tasks than there are requests, so arrays of this length are long enough.
  const maxBatchSize = Math.min(parameters.max_batch_size, requests.count);
  const decodesPass = admission === "request";
  const waiting = new WaitingTasks(requests, tasks, links, ageing);
  const policy =
    parameters.instance_type === "ORCA"
      ? new OrcaPolicy({ maxBatchSize, decodesPass }, tasks, waiting, instance.memory)
      : new SplitwisePolicy(
          {
            maxBatchSize,
            maxBatchTokens: parameters.max_batch_tokens,
            maxPreemptions: parameters.max_preemptions,
            interruption,
            decodesPass,
          },
          requests,
          tasks,
          waiting,
          instance.memory,
        );
  // Written out: with a spread, making the 40 instances of a run took a third longer.
  return new IterationEngine({
    instance,
    kernel,
    requests,
    tasks,
    waiting,
    policy,
    times,
    tokenGaps,
    overheads,
    listener,
    track,
    debug,
    turns,
  });
}

export const continuousBatching: EngineDefinition = {
  targets: ["engines.ContinuousBatching"],
  taskSettings(parameters) {
    const { admission, decode_submission, transfer_retry } = parameters as ContinuousBatchingParameters;
    return { admission, decodeSubmission: decode_submission, transferRetry: transfer_retry };
  },
  sharesProcessors: true,
  create,
  checkTrace(trace, instances, applications, config) {
    if ((config.engine as ContinuousBatchingParameters).admission === "request") {
      checkRequestsFit(trace, instances, applications);
    }
  },
};
