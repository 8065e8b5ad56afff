/**
 * Runs the requests of one application through their graph of tasks: prefill, then decode. It is the only caller of
 * engines. A placement on two instances puts a transfer of the KV cache between the two tasks.
 */
import { invariant } from "../../errors.ts";
import type { Instance } from "../cluster/instance.ts";
import type { EngineListener } from "../engine/engine.ts";
import type { EventKind, Kernel } from "../kernel/kernel.ts";
import type { Placement } from "../scheduler/scheduler.ts";
import type { Requests } from "../workload/requests.ts";
import { decodeTask, isDecode, prefillTask, requestOf, type TaskTable } from "../workload/task-table.ts";

/**
 * `request`: a request is admitted with the KV cache of all its tokens. `task`: a prefill with that of its prompt and
 * first token, its decode with the rest, which may never become free (SplitwiseSim).
 */
export type Admission = "request" | "task";

/** When a decode on the prefill's instance is submitted; `with_prefill` lets it interrupt a batch for its prompt (SplitwiseSim). */
export type DecodeSubmission = "after_prefill" | "with_prefill";

export interface ExecutorSettings {
  readonly admission: Admission;
  readonly decodeSubmission: DecodeSubmission;
  readonly submitTaskSeconds: number;
  readonly finishRequestSeconds: number;
}

export interface ExecutorParts {
  readonly kernel: Kernel;
  readonly requests: Requests;
  readonly tasks: TaskTable;
  readonly kvBytesPerToken: number;
  readonly settings: ExecutorSettings;
  /** All instances of the run, by index. */
  readonly instances: readonly Instance[];
  /** Hears of completed requests and of idle instances. */
  readonly onRequestDone: (request: number) => void;
  readonly onTaskDone: (request: number) => void;
  readonly onIdle: (instance: number) => void;
}

export class Executor implements EngineListener {
  readonly #parts: ExecutorParts;
  readonly #arriveAtInstance: EventKind;
  readonly #finishRequest: EventKind;

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
    this.#arriveAtInstance = parts.kernel.on((task) => this.#instanceOf(task).engine.submit(task));
    this.#finishRequest = parts.kernel.on((request) => {
      parts.requests.complete(request, parts.kernel.now);
      parts.onRequestDone(request);
    });
  }

  start(request: number, placement: Placement): void {
    const { outcomes } = this.#parts.requests;
    invariant(placement.prefill === placement.decode, "KV transfer between instances is not available");
    outcomes.prefillInstance[request] = placement.prefill.index;
    outcomes.decodeInstance[request] = placement.decode.index;
    this.#sizeTasks(request);
    this.#submit(prefillTask(request));
    if (this.#parts.settings.decodeSubmission === "with_prefill") this.#submit(decodeTask(request));
  }

  prefillDone(request: number): void {
    const { requests, settings, onTaskDone } = this.#parts;
    onTaskDone(request);
    if (settings.decodeSubmission === "with_prefill") return;
    if (requests.outputTokens[request] > 1) {
      this.#submit(decodeTask(request));
      return;
    }
    // The prefill yielded the only output token.
    const instance = this.#instanceOf(prefillTask(request));
    instance.pendingTokens -= 1;
    instance.release(request);
    this.decodeDone(request);
  }

  decodeDone(request: number): void {
    this.#parts.kernel.after(this.#parts.settings.finishRequestSeconds, this.#finishRequest, request);
  }

  instanceIdle(instance: number): void {
    this.#parts.onIdle(instance);
  }

  #sizeTasks(request: number): void {
    const { requests, tasks, settings, kvBytesPerToken } = this.#parts;
    const promptTokens = requests.promptTokens[request];
    const outputTokens = requests.outputTokens[request];
    const bytesPerToken = kvBytesPerToken * requests.trace.batchSize[request];
    if (settings.admission === "request") {
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

  #instanceOf(task: number): Instance {
    const { instances, requests } = this.#parts;
    const { prefillInstance, decodeInstance } = requests.outcomes;
    return instances[isDecode(task) ? decodeInstance[requestOf(task)] : prefillInstance[requestOf(task)]];
  }
}
