/** Makes instances with their engines, and knows all of a run. */
import { found } from "./cluster/build-cluster.ts";
import { Instance } from "./cluster/instance.ts";
import { networkBytesPerSecond, type Processor } from "./cluster/server.ts";
import type { EngineContext, EngineDefinition } from "./engine/engine.ts";
import type { InstanceParameters } from "./engine/instance-parameters.ts";
import type { ProcessorTurns } from "./engine/processor-turns.ts";
import type { Memory } from "./memory/memory.ts";
import type { TimedInstance } from "./performance/performance-model.ts";
import type { InstanceRecord } from "./recorder.ts";
import type { SimulationInputs } from "./simulation.ts";
import type { InstancePlan } from "./start-state/start-state.ts";
import type { Timeline } from "./timeline/timeline.ts";
import type { Application } from "./workload/application.ts";
import type { ApplicationParameters } from "./workload/model.schema.ts";

/** What an instance is made from. */
export interface InstanceParts extends Omit<InstancePlan, "parameters"> {
  readonly parameters: InstanceParameters;
  readonly memory: Memory;
  readonly turns: ProcessorTurns | undefined;
  /** Number of the processors that it shares. */
  readonly group?: number;
}

export class InstanceMaker {
  /** In the order in which they were made. */
  readonly instances: Instance[] = [];
  readonly #inputs: Pick<SimulationInputs, "sizes" | "architectures">;
  readonly #engine: EngineDefinition;
  readonly #context: EngineContext;
  readonly #timeline: Timeline | undefined;
  /** Processors of each instance. */
  readonly #processors: number[] = [];

  constructor(
    inputs: Pick<SimulationInputs, "sizes" | "architectures">,
    engine: EngineDefinition,
    context: EngineContext,
    timeline: Timeline | undefined,
  ) {
    this.#inputs = inputs;
    this.#engine = engine;
    this.#context = context;
    this.#timeline = timeline;
  }

  /** `path` is the application's in the config. */
  make(owner: Application, application: ApplicationParameters, parts: InstanceParts, path: string): Instance {
    const { server, processors, tag, parameters, memory, turns, group } = parts;
    const instance = new Instance(
      {
        index: this.instances.length,
        id: owner.numberInstance(),
        applicationId: application.application_id,
        processor: processors[0],
        tag,
        networkBytesPerSecond: networkBytesPerSecond(processors),
      },
      memory,
      this.#context.requests.heldBytes,
    );
    this.#timeline?.addInstance(instance, server, group);
    const timed = this.timed(application, processors, path, parameters.tensor_parallelism);
    instance.engine = this.#engine.create(this.#context, instance, parameters, {
      timed,
      kvBytesPerToken: owner.kvBytesPerToken,
      weightBytes: timed.size.weights,
      overheads: owner.instanceOverheads,
      listener: owner.executor,
      debug: application.debug,
      turns,
    });
    this.instances.push(instance);
    this.#processors.push(processors.length);
    owner.executor.addInstance(instance);
    return instance;
  }

  /** What the performance model is asked about the application's model on these processors. */
  timed(
    { model_architecture: modelArchitecture, model_size: sizeName }: ApplicationParameters,
    processors: readonly Processor[],
    path: string,
    tensorParallelism = processors.length,
  ): TimedInstance {
    const { sizes, architectures } = this.#inputs;
    const [processor] = processors;
    return {
      modelArchitecture,
      processorName: processor.name,
      tensorParallelism,
      processor,
      architecture: found(architectures, modelArchitecture, "model architecture", path),
      size: found(sizes, sizeName, "model size", `${path}.model_size`),
    };
  }

  records(): InstanceRecord[] {
    return this.instances.map(({ id, applicationId, processor, tag, memory, engine }, index) => ({
      id,
      applicationId,
      processorName: processor.name,
      processors: this.#processors[index],
      tag,
      memoryBytes: memory.capacityBytes,
      busySeconds: engine.busySeconds,
    }));
  }
}
