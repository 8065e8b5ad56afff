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
  /** Hears of completed requests and of idle instances. */
  readonly onRequestDone: (request: number) => void;
  readonly onTransferDone: (request: number) => void;
  readonly onTaskDone: (request: number) => void;
  readonly onIdle: (instance: number) => void;
}

export class Executor implements EngineListener {
  readonly #parts: ExecutorParts;
  readonly #transfers: KvTransfers;
  readonly #arriveAtInstance: EventKind;
  readonly #arriveAtLink: EventKind;
  readonly #finishRequest: EventKind;

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
    this.#arriveAtInstance = parts.kernel.on((task) => this.#arrive(requestOf(task)));
    this.#arriveAtLink = parts.kernel.on((request) => this.#transfers.arrive(request));
    this.#finishRequest = parts.kernel.on((request) => {
      parts.requests.complete(request, parts.kernel.now);
      parts.onRequestDone(request);
    });
    this.#transfers = new KvTransfers({
      ...parts,
      transferBytesPerSecond: parts.settings.transferBytesPerSecond,
      admission: parts.settings.admission,
      retry: parts.settings.transferRetry,
      onTransferred: (request) => {
        this.#submit(decodeTask(request));
        parts.onTransferDone(request);
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
    const { outcomes } = this.#parts.requests;
    outcomes.prefillInstance[request] = placement.prefill.index;
    outcomes.decodeInstance[request] = placement.decode.index;
    this.#sizeTasks(request);
    this.#submit(prefillTask(request));
    if (this.#parts.settings.decodeSubmission === "with_prefill" && !this.#isSplit(request)) {
      this.#submit(decodeTask(request));
    }
  }

  prefillDone(request: number): void {
    const { kernel, requests, settings, onTaskDone } = this.#parts;
    onTaskDone(request);
    if (requests.outputTokens[request] === 1 && settings.decodeSubmission === "after_prefill") {
      this.#finishAfterPrefill(request);
    } else if (this.#isSplit(request)) kernel.after(settings.submitFlowSeconds, this.#arriveAtLink, request);
    else if (settings.decodeSubmission === "after_prefill") this.#submit(decodeTask(request));
  }

  decodeDone(request: number): void {
    this.#transfers.retry(this.#instanceOf(decodeTask(request)));
    this.#parts.kernel.after(this.#parts.settings.finishRequestSeconds, this.#finishRequest, request);
  }

  instanceIdle(instance: number): void {
    this.#parts.onIdle(instance);
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
    const { prefillInstance, decodeInstance } = this.#parts.requests.outcomes;
    return prefillInstance[request] !== decodeInstance[request];
  }

  #sizeTasks(request: number): void {
    const { requests, tasks, settings, kvBytesPerToken } = this.#parts;
    const promptTokens = requests.promptTokens[request];
    const outputTokens = requests.outputTokens[request];
    const bytesPerToken = kvBytesPerToken * requests.trace.batchSize[request];
    if (settings.admission === "request" && !this.#isSplit(request)) {
      tasks.bytes[prefillTask(request)] = bytesPerToken * (promptTokens + outputTokens);
      tasks.bytes[decodeTask(request)] = 0;
    } else {
      tasks.bytes[prefillTask(request)] = bytesPerToken * (promptTokens + 1);
      tasks.bytes[decodeTask(request)] = bytesPerToken * (outputTokens - 1);
    }
  }

  #submit(task: number): void {
    this.#parts.kernel.after(this.#parts.settings.submitTaskSeconds, this.#arriveAtInstance, task);
  }

  /** A queue may swap a prefill and its decode that were submitted for the same time; the prefill arrives first. */
  #arrive(request: number): void {
    const prefill = prefillTask(request);
    const task = this.#parts.tasks.state[prefill] === TASK_STATE.absent ? prefill : decodeTask(request);
    this.#instanceOf(task).engine.submit(task);
  }

  #instanceOf(task: number): Instance {
    const { instances, requests } = this.#parts;
    const { prefillInstance, decodeInstance } = requests.outcomes;
    return instances[isDecode(task) ? decodeInstance[requestOf(task)] : prefillInstance[requestOf(task)]];
  }
}
