/** An application: a model that is served, with its instances, its scheduler and its executor. */
import type { Allocator, InstanceOverheads } from "../allocator/allocator.ts";
import type { Instance } from "../cluster/instance.ts";
import type { Executor } from "../executor/executor.ts";
import type { Scheduler } from "../scheduler/scheduler.ts";

export interface ApplicationParts {
  readonly id: number;
  readonly kvBytesPerToken: number;
  readonly scheduler: Scheduler;
  readonly allocator: Allocator;
  readonly instanceOverheads: InstanceOverheads;
}

export class Application {
  readonly id: number;
  /** KV-cache bytes of one token of a request with batch size 1. */
  readonly kvBytesPerToken: number;
  readonly scheduler: Scheduler;
  readonly allocator: Allocator;
  readonly instanceOverheads: InstanceOverheads;
  executor!: Executor;
  /** Instances that serve or start up, of those from the start. */
  #instances = 0;
  #numbered = 0;
  /** Instances that do not serve yet. */
  #startingUp: Instance[] = [];
  /** Requests that the scheduler could not place yet, in order of arrival; those before `#firstUnplaced` are placed. */
  readonly #unplaced: number[] = [];
  #firstUnplaced = 0;
  #isRetrying = false;
  #hasChanged = false;

  constructor({ id, kvBytesPerToken, scheduler, allocator, instanceOverheads }: ApplicationParts) {
    this.id = id;
    this.kvBytesPerToken = kvBytesPerToken;
    this.scheduler = scheduler;
    this.allocator = allocator;
    this.instanceOverheads = instanceOverheads;
  }

  /** An instance starts up: it serves from the next `instancesReady` on. */
  startInstance(instance: Instance): void {
    this.#instances++;
    this.#startingUp.push(instance);
  }

  /** All instances that were started serve from now on, in the order in which they were. */
  instancesReady(): void {
    for (const instance of this.#startingUp) this.scheduler.addInstance(instance);
    this.#startingUp = [];
    this.retry();
  }

  /** Throws the ConfigError that the first request would meet if no instance could ever serve it. */
  checkServable(): void {
    this.instancesReady();
    if (this.#instances === 0) this.allocator.requestWaits(0, undefined);
    else this.scheduler.checkInstances?.();
  }

  /** An instance that was started by the allocator serves from now on. */
  activate(instance: Instance): void {
    this.scheduler.addInstance(instance);
    this.retry();
  }

  /** The instance gets no further requests. */
  deactivate(instance: Instance): void {
    this.scheduler.removeInstance?.(instance);
  }

  /** A request arrived. */
  serve(request: number): void {
    this.allocator.requestArrived?.(request);
    const noneReady = this.#startingUp.length > 0 && this.#startingUp.length === this.#instances;
    if (noneReady || this.#firstUnplaced < this.#unplaced.length || !this.#place(request)) {
      this.#unplaced.push(request);
      this.allocator.requestWaits(this.#instances, request);
    }
  }

  /** Something changed: places waiting requests in order of arrival, as long as the scheduler can. */
  retry(): void {
    this.#hasChanged = true;
    // Placing one may change something: whoever places goes on.
    if (this.#isRetrying) return;
    this.#isRetrying = true;
    while (this.#hasChanged) {
      this.#hasChanged = false;
      while (this.#firstUnplaced < this.#unplaced.length && this.#place(this.#unplaced[this.#firstUnplaced])) {
        this.#firstUnplaced++;
      }
    }
    this.#isRetrying = false;
  }

  /** The number of an instance that is about to be made. */
  numberInstance(): number {
    return this.#numbered++;
  }

  /** The request that waits longest for its instance; there is one. */
  get firstUnplaced(): number {
    return this.#unplaced[this.#firstUnplaced];
  }

  /** Requests that wait for an instance, in order of arrival. */
  get unplaced(): readonly number[] {
    return this.#unplaced.slice(this.#firstUnplaced);
  }

  get unplacedRequests(): number {
    return this.#unplaced.length - this.#firstUnplaced;
  }

  #place(request: number): boolean {
    if (this.allocator.admits?.(request) === false) return false;
    const placement = this.scheduler.place(request);
    if (placement === undefined) return false;
    this.executor.start(request, placement);
    this.allocator.requestPlaced?.(request, placement.prefill);
    return true;
  }
}
