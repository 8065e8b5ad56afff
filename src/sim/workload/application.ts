/** An application: a model that is served, with its instances, its scheduler and its executor. */
import type { Allocator } from "../allocator/allocator.ts";
import type { Instance } from "../cluster/instance.ts";
import type { Executor } from "../executor/executor.ts";
import type { Scheduler } from "../scheduler/scheduler.ts";

export class Application {
  readonly id: number;
  /** KV-cache bytes of one token of a request with batch size 1. */
  readonly kvBytesPerToken: number;
  readonly scheduler: Scheduler;
  readonly allocator: Allocator;
  executor!: Executor;
  #instances = 0;
  /** Requests that the scheduler could not place yet, in order of arrival; those before `#firstUnplaced` are placed. */
  readonly #unplaced: number[] = [];
  #firstUnplaced = 0;

  constructor(id: number, kvBytesPerToken: number, scheduler: Scheduler, allocator: Allocator) {
    this.id = id;
    this.kvBytesPerToken = kvBytesPerToken;
    this.scheduler = scheduler;
    this.allocator = allocator;
  }

  addInstance(instance: Instance): void {
    this.#instances++;
    this.scheduler.addInstance(instance);
    this.retry();
  }

  /** Throws the ConfigError that the first request would meet if no instance could ever serve it. */
  checkServable(): void {
    if (this.#instances === 0) this.allocator.requestWaits(0);
    else this.scheduler.checkInstances?.();
  }

  /** A request arrived. */
  serve(request: number): void {
    if (this.#firstUnplaced < this.#unplaced.length || !this.#place(request)) {
      this.#unplaced.push(request);
      this.allocator.requestWaits(this.#instances);
    }
  }

  /** Something changed: places waiting requests in order of arrival, as long as the scheduler can. */
  retry(): void {
    while (this.#firstUnplaced < this.#unplaced.length && this.#place(this.#unplaced[this.#firstUnplaced])) {
      this.#firstUnplaced++;
    }
  }

  get instances(): number {
    return this.#instances;
  }

  get unplacedRequests(): number {
    return this.#unplaced.length - this.#firstUnplaced;
  }

  #place(request: number): boolean {
    const placement = this.scheduler.place(request);
    if (placement !== undefined) this.executor.start(request, placement);
    return placement !== undefined;
  }
}
