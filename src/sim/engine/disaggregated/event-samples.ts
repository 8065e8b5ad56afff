/**
 * LLM-Serving-Simulator's samples: at events, not over time, of queues before a prefill starts and of memory after a decode
 * step. Each sampling point draws once; draws and rate are those of Python's `random.Random(seed)`.
 */
import { PythonRandom } from "../../kernel/python-random.ts";
import type { WaitingRequests } from "../../policy/local/local-order.ts";
import type { EventSampleRows } from "../../recorder.ts";

export class EventSamples {
  readonly rows: EventSampleRows = { queues: [], memory: [] };
  readonly #random: PythonRandom;
  readonly #rate: number;

  constructor(seed: number, rate: number) {
    this.#random = new PythonRandom(seed);
    this.#rate = rate;
  }

  queue(seconds: number, instance: number, waiting: WaitingRequests): void {
    if (this.#random.double() >= this.#rate) return;
    const requests = Array.from({ length: waiting.length }, (_, index) => waiting.at(index));
    this.rows.queues.push({ seconds, instance, requests });
  }

  memory(seconds: number, instance: number, share: number): void {
    if (this.#random.double() < this.#rate) this.rows.memory.push({ seconds, instance, share });
  }
}
