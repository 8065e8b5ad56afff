/**
 * Runs the requests of one application through their graph of tasks: prefill, then decode. It is the only caller of
 * engines. A placement on two instances puts a transfer of the KV cache between the two tasks.
 */
import type { Instance } from "../cluster/instance.ts";
import type { EngineListener } from "../engine/engine.ts";
import type { EventKind, Kernel } from "../kernel/kernel.ts";
import type { KvLinks, KvLinksContext } from "../kv-links/kv-links.ts";
import type { Placement } from "../scheduler/scheduler.ts";
import type { Requests } from "../workload/requests.ts";
import { decodeTask, isDecode, prefillTask, requestOf, TASK_STATE, type TaskTable } from "../workload/task-table.ts";
import type { Admission } from "./admission.ts";
import { KvTransfers, type TransferRetry } from "./kv-transfers.ts";

/** When a decode on the prefill's instance is submitted; `with_prefill` lets it interrupt a batch for its prompt (SplitwiseSim). */
export type DecodeSubmission = "after_prefill" | "with_prefill";

export interface ExecutorSettings {
  readonly admission: Admission;
  readonly decodeSubmission: DecodeSubmission;
  readonly transferRetry: TransferRetry;
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
  readonly #submitsTogether: boolean;
  /** A request is admitted with the memory of its decode, too. */
  readonly #reservesDecode: boolean;
  readonly #submitTaskSeconds: number;
  readonly #submitFlowSeconds: number;
  readonly #finishRequestSeconds: number;
  readonly #listener: ExecutorListener;
  readonly #arriveAtInstance: EventKind;
  readonly #arriveAtLink: EventKind;
  readonly #finishRequest: EventKind;

  constructor({ kernel, requests, tasks, instances, kvBytesPerToken, createLinks, settings, listener }: ExecutorParts) {
    this.#kernel = kernel;
    this.#requests = requests;
    this.#tasks = tasks;
    this.#instances = instances;
    this.#kvBytesPerToken = kvBytesPerToken;
    this.#submitsTogether = settings.decodeSubmission === "with_prefill";
    this.#reservesDecode = settings.admission === "request";
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
      admission: settings.admission,
      retry: settings.transferRetry,
      onTransferred: (request) => {
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
    outcomes.decodeInstance[request] = placement.decode.index;
    this.#sizeTasks(request);
    this.#submit(prefillTask(request));
    if (this.#submitsTogether && !this.#isSplit(request)) {
      this.#submit(decodeTask(request));
    }
  }

  prefillDone(request: number): void {
    this.#listener.prefillDone(request);
    if (this.#requests.outputTokens[request] === 1 && !this.#submitsTogether) {
      this.#finishAfterPrefill(request);
    } else if (this.#isSplit(request)) this.#kernel.after(this.#submitFlowSeconds, this.#arriveAtLink, request);
    else if (!this.#submitsTogether) this.#submit(decodeTask(request));
  }

  decodeDone(request: number): void {
    this.#transfers.retry(this.#instanceOf(decodeTask(request)));
    this.#kernel.after(this.#finishRequestSeconds, this.#finishRequest, request);
  }

  instanceIdle(instance: number): void {
    this.#listener.instanceIdle(instance);
  }

  /** The prefill yielded the only output token. */
  #finishAfterPrefill(request: number): void {
    const instance = this.#instanceOf(prefillTask(request));
    instance.release(request);
    this.#transfers.retry(instance);
    this.#instanceOf(decodeTask(request)).pendingTokens -= 1;
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
