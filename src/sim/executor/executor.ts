/**
 * Runs the requests of one application through their graph of tasks: prefill, then decode. It is the only caller of
 * engines. A placement on two instances puts a transfer of the KV cache between the two tasks.
 */
import type { Instance } from "../cluster/instance.ts";
import type { EngineListener, FirstToken, TaskSettings } from "../engine/engine.ts";
import type { EventKind, Kernel } from "../kernel/kernel.ts";
import type { KvLinks, KvLinksContext } from "../kv-links/kv-links.ts";
import type { DecodeBinding, Placement, Scheduler } from "../scheduler/scheduler.ts";
import type { Requests } from "../workload/requests.ts";
import { decodeTask, isDecode, prefillTask, requestOf, TASK_STATE, type TaskTable } from "../workload/task-table.ts";
import { KvTransfers } from "./kv-transfers.ts";

/** When a decode on the prefill's instance is submitted; `with_prefill` lets it interrupt a batch for its prompt (SplitwiseSim). */
export type DecodeSubmission = "after_prefill" | "with_prefill";

export interface ExecutorSettings {
  /** Undefined if engines keep account of KV caches themselves and go on from a prefill to its decode. */
  readonly tasks: TaskSettings | undefined;
  readonly firstToken: FirstToken;
  /** Bytes of a KV cache that are still to be sent when its prefill ends; default: all. */
  readonly remainingBytes?: ((bytes: number, prefillSeconds: number) => number) | undefined;
  readonly transferBytesPerSecond: number;
  readonly submitTaskSeconds: number;
  readonly submitFlowSeconds: number;
  readonly finishRequestSeconds: number;
}

export interface ExecutorParts {
  readonly kernel: Kernel;
  readonly requests: Requests;
  readonly tasks: TaskTable;
  readonly kvBytesPerToken: number;
  readonly settings: ExecutorSettings;
  readonly createLinks: (context: KvLinksContext) => KvLinks;
  /** All instances of the run, by index. */
  readonly instances: readonly Instance[];
  /** Asked for the instances of decodes that are not bound at arrival. */
  readonly scheduler: Pick<Scheduler, "decodeBinding" | "bindDecode">;
  readonly listener: ExecutorListener;
}

/** Hears of what a scheduler may want to know. */
export interface ExecutorListener {
  prefillDone(request: number): void;
  transferDone(request: number): void;
  requestDone(request: number): void;
  instanceIdle(instance: number): void;
}

export class Executor implements EngineListener {
  readonly #kernel: Kernel;
  readonly #requests: Requests;
  readonly #tasks: TaskTable;
  readonly #instances: readonly Instance[];
  readonly #kvBytesPerToken: number;
  readonly #transfers: KvTransfers;
  readonly #scheduler: Pick<Scheduler, "bindDecode">;
  readonly #decodeBinding: DecodeBinding;
  /** Engines take tasks one by one, with their bytes. */
  readonly #sizesTasks: boolean;
  readonly #submitsTogether: boolean;
  /** A request is admitted with the memory of its decode, too. */
  readonly #reservesDecode: boolean;
  /** The prefill of a request with one output token is all of it. */
  readonly #mayEndAfterPrefill: boolean;
  readonly #submitTaskSeconds: number;
  readonly #submitFlowSeconds: number;
  readonly #finishRequestSeconds: number;
  readonly #listener: ExecutorListener;
  readonly #arriveAtInstance: EventKind;
  readonly #arriveAtLink: EventKind;
  readonly #finishRequest: EventKind;

  constructor(parts: ExecutorParts) {
    const { kernel, requests, tasks, instances, kvBytesPerToken, createLinks, settings, scheduler, listener } = parts;
    this.#kernel = kernel;
    this.#requests = requests;
    this.#tasks = tasks;
    this.#instances = instances;
    this.#kvBytesPerToken = kvBytesPerToken;
    this.#scheduler = scheduler;
    this.#decodeBinding = scheduler.decodeBinding;
    this.#sizesTasks = settings.tasks !== undefined;
    this.#submitsTogether = settings.tasks?.decodeSubmission === "with_prefill";
    this.#reservesDecode = settings.tasks?.admission === "request";
    this.#mayEndAfterPrefill = !this.#submitsTogether && settings.firstToken === "prefill";
    this.#submitTaskSeconds = settings.submitTaskSeconds;
    this.#submitFlowSeconds = settings.submitFlowSeconds;
    this.#finishRequestSeconds = settings.finishRequestSeconds;
    this.#listener = listener;
    this.#arriveAtInstance = kernel.on((task) => this.#arrive(requestOf(task)));
    this.#arriveAtLink = kernel.on((request) => this.#transfers.arrive(request));
    this.#finishRequest = kernel.on((request) => {
      requests.complete(request, kernel.now);
      listener.requestDone(request);
    });
    this.#transfers = new KvTransfers({
      kernel,
      requests,
      tasks,
      instances,
      kvBytesPerToken,
      createLinks,
      transferBytesPerSecond: settings.transferBytesPerSecond,
      remainingBytes: settings.remainingBytes ?? ((bytes) => bytes),
      reservesDecode: this.#reservesDecode,
      retriesEverySecond: settings.tasks?.transferRetry === "every_second",
      onTransferred: (request) => {
        if (this.#decodeBinding === "transfer_end") this.#bindDecode(request);
        this.#submit(decodeTask(request));
        listener.transferDone(request);
      },
    });
  }

  addInstance(instance: Instance): void {
    this.#transfers.addInstance(instance);
  }

  /** Why transfers cannot go on although nothing else happens, as a sentence. */
  stall(): string | undefined {
    return this.#transfers.stall();
  }

  start(request: number, placement: Placement): void {
    const { outcomes } = this.#requests;
    outcomes.prefillInstance[request] = placement.prefill.index;
    if (placement.decode !== undefined) outcomes.decodeInstance[request] = placement.decode.index;
    if (this.#sizesTasks) this.#sizeTasks(request);
    this.#submit(prefillTask(request));
    if (this.#submitsTogether && !this.#isSplit(request)) {
      this.#submit(decodeTask(request));
    }
  }

  prefillDone(request: number): void {
    this.#listener.prefillDone(request);
    if (!this.#sizesTasks && !this.#isSplit(request)) return;
    if (this.#requests.outputTokens[request] === 1 && this.#mayEndAfterPrefill) {
      this.#finishAfterPrefill(request);
      return;
    }
    if (this.#decodeBinding === "prefill_end") this.#bindDecode(request);
    if (this.#isSplit(request)) this.#kernel.after(this.#submitFlowSeconds, this.#arriveAtLink, request);
    else if (!this.#submitsTogether) this.#submit(decodeTask(request));
  }

  decodeDone(request: number): void {
    this.#transfers.retry(this.#instanceOf(decodeTask(request)));
    this.#kernel.after(this.#finishRequestSeconds, this.#finishRequest, request);
  }

  instanceIdle(instance: number): void {
    this.#listener.instanceIdle(instance);
  }

  #bindDecode(request: number): void {
    const decode = this.#scheduler.bindDecode?.(request);
    if (decode !== undefined) this.#requests.outcomes.decodeInstance[request] = decode.index;
  }

  /** The prefill yielded the only output token. */
  #finishAfterPrefill(request: number): void {
    const { decodeInstance, prefillInstance } = this.#requests.outcomes;
    const instance = this.#instanceOf(prefillTask(request));
    if (this.#sizesTasks) {
      instance.release(request);
      this.#transfers.retry(instance);
    } else instance.engine.transferEnded(request);
    if (decodeInstance[request] < 0) decodeInstance[request] = prefillInstance[request];
    else this.#instanceOf(decodeTask(request)).pendingTokens -= 1;
    this.decodeDone(request);
  }

  #isSplit(request: number): boolean {
    const { prefillInstance, decodeInstance } = this.#requests.outcomes;
    return prefillInstance[request] !== decodeInstance[request];
  }

  #sizeTasks(request: number): void {
    const requests = this.#requests;
    const tasks = this.#tasks;
    const promptTokens = requests.promptTokens[request];
    const outputTokens = requests.outputTokens[request];
    const bytesPerToken = this.#kvBytesPerToken * requests.trace.batchSize[request];
    if (this.#reservesDecode && !this.#isSplit(request)) {
      tasks.bytes[prefillTask(request)] = bytesPerToken * (promptTokens + outputTokens);
      tasks.bytes[decodeTask(request)] = 0;
    } else {
      tasks.bytes[prefillTask(request)] = bytesPerToken * (promptTokens + 1);
      tasks.bytes[decodeTask(request)] = bytesPerToken * (outputTokens - 1);
    }
  }

  #submit(task: number): void {
    this.#kernel.after(this.#submitTaskSeconds, this.#arriveAtInstance, task);
  }

  /** A queue may swap a prefill and its decode that were submitted for the same time; the prefill arrives first. */
  #arrive(request: number): void {
    const prefill = prefillTask(request);
    const task = this.#tasks.state[prefill] === TASK_STATE.absent ? prefill : decodeTask(request);
    this.#instanceOf(task).engine.submit(task);
  }

  #instanceOf(task: number): Instance {
    const { prefillInstance, decodeInstance } = this.#requests.outcomes;
    return this.#instances[isDecode(task) ? decodeInstance[requestOf(task)] : prefillInstance[requestOf(task)]];
  }
}
