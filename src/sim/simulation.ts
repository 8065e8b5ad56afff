/** Wires a resolved configuration into a running simulation. */
import { ConfigError } from "../errors.ts";
import type { AddedComponents } from "./added-components.ts";
import { arbiters } from "./arbiter/index.ts";
import { buildApplication } from "./build-application.ts";
import { checkApplicationsKnown, checkLocalOrders, checkWeightsFit } from "./checks.ts";
import { buildCluster, found, type Hardware } from "./cluster/build-cluster.ts";
import type { Instance } from "./cluster/instance.ts";
import type { Server } from "./cluster/server.ts";
import { definitionOf } from "./definition-of.ts";
import type { EngineContext, EngineDefinition } from "./engine/engine.ts";
import { engines } from "./engine/index.ts";
import { WaitingLinks } from "./engine/waiting-tasks.ts";
import { InstanceMaker } from "./instance-maker.ts";
import { InstanceSamples, takenTogether } from "./instance-samples.ts";
import type { EventQueue } from "./kernel/event-queue.ts";
import { HeapqQueue } from "./kernel/heapq-queue.ts";
import { Kernel } from "./kernel/kernel.ts";
import { RankedQueue } from "./kernel/ranked-queue.ts";
import { SequenceQueue } from "./kernel/sequence-queue.ts";
import { ByteMemory } from "./memory/byte-memory.ts";
import { createPerformanceModel } from "./performance/index.ts";
import type { PerformanceData } from "./performance/performance-model.ts";
import type { MilpSolver } from "./policy/local/milp.ts";
import type { Recording, RunRecord } from "./recorder.ts";
import { routers } from "./router/index.ts";
import type { AllocatorParameters, SchedulerParameters } from "./scheduler/scheduler.schema.ts";
import type { RunConfig } from "./simulation.schema.ts";
import { startStates } from "./start-state/index.ts";
import type { InstancePlan } from "./start-state/start-state.ts";
import type { Swapping } from "./swapping/build-swapper.ts";
import { startSwapping } from "./swapping/start-swapping.ts";
import { Timeline, type TimelineBounds } from "./timeline/timeline.ts";
import { TokenGaps } from "./token-gaps.ts";
import type { Application } from "./workload/application.ts";
import { feedArrivals, preloadArrivals } from "./workload/arrivals.ts";
import type { ApplicationParameters } from "./workload/model.schema.ts";
import type { ModelArchitecture, ModelSize } from "./workload/model.ts";
import { Requests } from "./workload/requests.ts";
import { TaskTable } from "./workload/task-table.ts";
import { EMPTY_TRACE, type Trace } from "./workload/trace.ts";

/** Everything that a run depends on, as plain data. Maps are keyed by the names that configurations use. */
export interface SimulationInputs extends Hardware, PerformanceData {
  readonly config: RunConfig;
  readonly trace: Trace;
  readonly architectures: ReadonlyMap<string, ModelArchitecture>;
  readonly sizes: ReadonlyMap<string, ModelSize>;
  readonly schedulers: ReadonlyMap<string, SchedulerParameters>;
  readonly allocators: ReadonlyMap<string, AllocatorParameters>;
  readonly milpSolver?: MilpSolver | undefined;
  readonly added?: AddedComponents | undefined;
  /** Default: `tasks`. */
  readonly recording?: Recording;
  /** Simulated seconds from one sample of the instances to the next; without it none is taken. */
  readonly sampleIntervalSeconds?: number | undefined;
  /** What of the instances' work is recorded; without it nothing is. */
  readonly timeline?: TimelineBounds | undefined;
}

/**
 * Runs one simulation to its end. Deterministic in its inputs. Errors: ConfigError and TraceError for what cannot be
 * simulated, before the first event; SimulationError later.
 */
export function simulate(inputs: SimulationInputs): RunRecord {
  return new Simulation(inputs).run();
}

/** Throws what `simulate` would throw before its first event for these inputs with any trace. */
export function checkInputs(inputs: Omit<SimulationInputs, "trace">): void {
  new Simulation({ ...inputs, trace: EMPTY_TRACE }).check();
}

/** The same run with another configuration, for its outcome alone. */
function withoutExtras(
  { sampleIntervalSeconds: _interval, timeline: _timeline, ...inputs }: SimulationInputs,
  config: RunConfig,
): SimulationInputs {
  return { ...inputs, config };
}

function queueFor(eventOrder: RunConfig["simulation"]["event_order"], requests: number): EventQueue {
  if (eventOrder === "heapq") return new HeapqQueue(requests + 1024);
  return eventOrder === "by_type" ? new RankedQueue() : new SequenceQueue();
}

class Simulation {
  readonly #inputs: SimulationInputs;
  readonly #config: RunConfig;
  readonly #kernel: Kernel;
  readonly #requests: Requests;
  readonly #tasks: TaskTable;
  readonly #maker: InstanceMaker;
  readonly #instances: readonly Instance[];
  readonly #applications = new Map<number, Application>();
  readonly #engine: EngineDefinition;
  readonly #engineContext: EngineContext;
  readonly #tokenGaps = new TokenGaps();
  readonly #samples: InstanceSamples | undefined;
  #swapping: Swapping | undefined;
  readonly #timeline: Timeline | undefined;

  constructor(given: SimulationInputs) {
    const { config } = given;
    const { event_order: eventOrder } = config.simulation;
    this.#engine = definitionOf(engines, config.engine._target_);
    checkLocalOrders(config, this.#engine);
    const trace = this.#engine.prepareTrace?.(given.trace, config) ?? given.trace;
    const inputs = { ...given, trace };
    this.#inputs = inputs;
    this.#config = config;
    this.#kernel = new Kernel(queueFor(eventOrder, trace.count));
    this.#requests = new Requests(trace, inputs.recording);
    this.#tasks = new TaskTable(trace.count);
    this.#timeline = inputs.timeline && new Timeline(inputs.timeline);
    this.#engineContext = {
      kernel: this.#kernel,
      requests: this.#requests,
      tasks: this.#tasks,
      links: new WaitingLinks(trace.count),
      performance: createPerformanceModel(config.performance_model, inputs),
      tokenGaps: this.#tokenGaps,
      timeline: this.#timeline,
      config,
      milpSolver: inputs.milpSolver,
      addedLocalOrders: inputs.added?.localOrders,
    };
    this.#maker = new InstanceMaker(inputs, this.#engine, this.#engineContext, this.#timeline);
    this.#instances = this.#maker.instances;
    if (inputs.sampleIntervalSeconds !== undefined) {
      this.#samples = new InstanceSamples(inputs.sampleIntervalSeconds, this.#instances);
    }
    config.applications.forEach((parameters, index) => {
      const path = `applications.${index}`;
      if (this.#applications.has(parameters.application_id)) {
        throw new ConfigError("duplicate_application", `Two applications have the id ${parameters.application_id}.`, {
          path,
        });
      }
      const shared = { inputs, kernel: this.#kernel, requests: this.#requests, tasks: this.#tasks };
      const swapper = () => (this.#swapping as Swapping).swapper;
      const application = buildApplication(
        { ...shared, instances: this.#instances, swapper, timeline: this.#timeline },
        parameters,
        path,
      );
      this.#applications.set(application.id, application);
    });
    checkApplicationsKnown(trace, [...this.#applications.keys()]);
  }

  check(): void {
    this.#startInstances();
    for (const application of this.#applications.values()) application.checkServable();
  }

  run(): RunRecord {
    const kernel = this.#kernel;
    const { config, trace } = this.#inputs;
    const arrive = this.#arrivalHandler();
    if (config.simulation.event_order === "heapq") {
      // SplitwiseSim schedules all arrivals before it makes instances: the heap's layout decides ties, and a request
      // at time 0 finds no instance.
      preloadArrivals(kernel, trace, arrive);
      this.#startInstances();
    } else {
      this.#startInstances();
      feedArrivals(kernel, trace, arrive);
    }
    if (this.#samples !== undefined) kernel.observe(takenTogether(this.#samples, this.#swapping?.samples));
    kernel.run(config.end_time, config.simulation.cutoff);
    return this.#record();
  }

  #arrivalHandler(): (request: number) => void {
    const kernel = this.#kernel;
    const requests = this.#requests;
    const router = definitionOf(routers, this.#config.router._target_).create(requests);
    const routingDelay = this.#config.router.overheads.routing_delay;
    const serve = kernel.on((request) => this.#applications.get(router.route(request))?.serve(request));
    return (request) => kernel.after(routingDelay, serve, request);
  }

  #startInstances(): void {
    const { config } = this.#inputs;
    const servers = buildCluster(config.cluster, this.#inputs);
    const arbiter = definitionOf(arbiters, config.arbiter._target_).create();
    config.applications.forEach((parameters, index) => {
      // Start states name one application; the others begin without instances.
      if (parameters.application_id !== (config.start_state.application_id ?? 0)) return;
      const owner = this.#applications.get(parameters.application_id) as Application;
      for (const plan of this.#plansFor(arbiter.serversFor(parameters.application_id, servers))) {
        this.#startInstance(owner, parameters, plan, `applications.${index}`);
      }
      const { spinUpSeconds } = owner.instanceOverheads;
      const ready = this.#kernel.on(() => owner.instancesReady());
      this.#kernel.after(config.simulation.initial_instances === "spin_up" ? spinUpSeconds : 0, ready, 0);
    });
    if (config.swapping !== undefined) {
      this.#swapping = startSwapping({
        inputs: this.#inputs,
        engine: this.#engine,
        context: this.#engineContext,
        applications: this.#applications,
        maker: this.#maker,
        servers,
        timeline: this.#timeline,
        simulateWith: (placement) => simulate(withoutExtras(this.#inputs, { ...config, model_placement: placement })),
      });
      this.#swapping.swapper.start();
    }
    this.#engine.checkTrace?.(this.#inputs.trace, this.#instances, this.#applications, config);
  }

  #plansFor(servers: readonly Server[]): InstancePlan[] {
    const parameters = this.#config.start_state;
    const startState = startStates.find((candidate) => candidate.matches(parameters.state_type));
    if (startState === undefined) {
      throw new ConfigError("unknown_start_state", `There is no start state '${parameters.state_type}'.`, {
        path: "start_state.state_type",
      });
    }
    return startState.plan(parameters, servers);
  }

  #startInstance(owner: Application, application: ApplicationParameters, plan: InstancePlan, path: string): void {
    const size = found(this.#inputs.sizes, application.model_size, "model size", `${path}.model_size`);
    checkWeightsFit(application, size, plan.processors, path);
    const capacityBytes = plan.processors[0].memoryBytes * plan.processors.length;
    const memory = new ByteMemory(capacityBytes, size.weights);
    owner.startInstance(this.#maker.make(owner, application, { ...plan, memory, turns: undefined }, path));
  }

  #record(): RunRecord {
    const requests = this.#requests;
    return {
      trace: requests.trace,
      outcomes: requests.outcomes,
      completionOrder: requests.completionOrder.slice(0, requests.completed),
      instances: this.#maker.records(),
      endSeconds: this.#kernel.now,
      unfinishedReasons: this.#unfinishedReasons(),
      tbtDivisor: this.#config.simulation.tbt_divisor,
      tokenGaps: this.#tokenGaps,
      ...(this.#samples && { samples: this.#samples }),
      ...(this.#swapping && { swapping: this.#swapping.record(this.#instances) }),
      ...(this.#timeline && { timeline: this.#timeline }),
      eventSamples: this.#engine.eventSamples?.(this.#engineContext),
      instanceLogs: this.#instances
        .filter(({ engine }) => engine.log.length > 0)
        .map(({ index, engine }) => ({ instance: index, rows: engine.log })),
      passLogs: this.#instances.flatMap(({ index, engine: { passes = [] } }) =>
        passes.length > 0 ? [{ instance: index, rows: passes }] : [],
      ),
      counts: {
        events: this.#kernel.events,
        iterations: this.#instances.reduce((sum, { engine }) => sum + engine.iterations, 0),
      },
    };
  }

  #unfinishedReasons(): string[] {
    const unfinished = this.#requests.count - this.#requests.completed;
    if (unfinished === 0) return [];
    const stalls = this.#instances.map(({ engine }) => engine.stall()).filter((stall) => stall !== undefined);
    if (this.#kernel.now >= this.#config.end_time) {
      return [`${unfinished} requests were unfinished at end_time = ${this.#config.end_time} s.`, ...stalls];
    }
    for (const { executor } of this.#applications.values()) {
      const stall = executor.stall();
      if (stall !== undefined) stalls.push(stall);
    }
    if (this.#swapping !== undefined) stalls.push(...this.#swapping.swapper.stalls());
    const unplaced = [...this.#applications.values()].reduce((sum, { unplacedRequests }) => sum + unplacedRequests, 0);
    if (unplaced > 0) return [...stalls, `${unplaced} requests never found an instance.`];
    return stalls.length > 0 ? stalls : [`${unfinished} requests were unfinished when nothing was left to happen.`];
  }
}
