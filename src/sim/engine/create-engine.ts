/** Makes the engine that an instance's parameters ask for. */
import type { Instance } from "../cluster/instance.ts";
import type { Admission } from "../executor/admission.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { PerformanceModel } from "../performance/performance-model.ts";
import type { Requests } from "../workload/requests.ts";
import type { TaskTable } from "../workload/task-table.ts";
import type { Engine, EngineListener } from "./engine.ts";
import { IterationEngine } from "./iteration-engine.ts";
import { OrcaPolicy } from "./orca-policy.ts";
import { type Interruption, SplitwisePolicy } from "./splitwise-policy.ts";
import { TaskEngine } from "./task-engine.ts";
import { type Ageing, type WaitingLinks, WaitingTasks } from "./waiting-tasks.ts";

/** Parameters of an instance, named as in SplitwiseSim's start states. */
export interface InstanceParameters {
  readonly instance_type: "ORCA" | "Splitwise" | "DEFAULT";
  readonly max_batch_size: number;
  readonly max_batch_tokens: number;
  readonly max_preemptions: number;
  readonly pipeline_parallelism: number;
  readonly tensor_parallelism: number;
}

/** What all engines of a simulation share. */
export interface EngineContext {
  readonly kernel: Kernel;
  readonly requests: Requests;
  readonly tasks: TaskTable;
  readonly links: WaitingLinks;
  readonly performance: PerformanceModel;
  readonly ageing: Ageing;
  readonly interruption: Interruption;
  readonly admission: Admission;
}

/** Errors: ConfigError if the performance model cannot time this kind of instance. */
export function createEngine(
  context: EngineContext,
  instance: Instance,
  parameters: InstanceParameters,
  modelArchitecture: string,
  listener: EngineListener,
  debug: boolean,
): Engine {
  const { kernel, requests, tasks } = context;
  const kind = {
    modelArchitecture,
    processorName: instance.processor.name,
    tensorParallelism: parameters.tensor_parallelism,
  };
  const shared = { instance, kernel, requests, tasks, listener };
  if (parameters.instance_type === "DEFAULT") {
    return new TaskEngine({ ...shared, links: context.links, times: context.performance.taskTimes(kind) });
  }
  const times = context.performance.iterationTimes(kind);
  // No batch holds more tasks than there are requests, so arrays of this length are long enough.
  const maxBatchSize = Math.min(parameters.max_batch_size, requests.count);
  const decodesPass = context.admission === "request";
  const waiting = new WaitingTasks(requests, tasks, context.links, context.ageing);
  const policy =
    parameters.instance_type === "ORCA"
      ? new OrcaPolicy({ maxBatchSize, decodesPass }, tasks, waiting, instance.memory)
      : new SplitwisePolicy(
          {
            maxBatchSize,
            maxBatchTokens: parameters.max_batch_tokens,
            maxPreemptions: parameters.max_preemptions,
            interruption: context.interruption,
            decodesPass,
          },
          requests,
          tasks,
          waiting,
          instance.memory,
        );
  return new IterationEngine({ ...shared, waiting, policy, times, debug }, maxBatchSize);
}
