/** Makes the engine that an instance's parameters ask for. */
import type { InstanceOverheads } from "../allocator/allocator.ts";
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

/** What an engine gets from the application whose model it runs. */
export interface EngineOwner {
  readonly modelArchitecture: string;
  readonly overheads: InstanceOverheads;
  readonly listener: EngineListener;
  readonly debug: boolean;
}

/** Errors: ConfigError if the performance model cannot time this kind of instance. */
export function createEngine(
  context: EngineContext,
  instance: Instance,
  parameters: InstanceParameters,
  { modelArchitecture, overheads, listener, debug }: EngineOwner,
): Engine {
  const { kernel, requests, tasks } = context;
  const kind = {
    modelArchitecture,
    processorName: instance.processor.name,
    tensorParallelism: parameters.tensor_parallelism,
  };
  const shared = { instance, kernel, requests, tasks, overheads, listener };
  if (parameters.instance_type === "DEFAULT") {
    const { admission, links, performance } = context;
    return new TaskEngine({ ...shared, links, admission, times: performance.taskTimes(kind) });
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
