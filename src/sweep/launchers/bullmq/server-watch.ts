/** Watches a connection that mends itself, and gives up when the server stays away. */
import type { Redis } from "ioredis";
import { SweepError } from "../../../errors.ts";
import type { BullmqOptions } from "./bullmq-launcher.ts";

interface WatchOptions extends Pick<BullmqOptions, "address" | "onNote"> {
  /** Default: for ever. */
  readonly patienceSeconds?: number;
}

export class ServerWatch {
  readonly #options: WatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #giveUp: (error: SweepError) => void = () => {};
  readonly #lost: Promise<never>;
  isUp = true;
  #isClosed = false;

  constructor(redis: Redis, options: WatchOptions) {
    this.#options = options;
    this.#lost = new Promise((_, reject) => {
      this.#giveUp = reject;
    });
    // Whoever guards nothing just now learns of it with the next guard.
    this.#lost.catch(() => {});
    redis.on("close", () => this.#onClose()).on("ready", () => this.#onReady());
  }

  /** What `work` comes to; rejects with a SweepError `SERVER` once the server has been away for too long. */
  guard<Value>(work: Promise<Value>): Promise<Value> {
    // Work that was given up may fail later, when its connection is closed.
    work.catch(() => {});
    return Promise.race([work, this.#lost]);
  }

  /** From now on the connection may close without a word. */
  close(): void {
    clearTimeout(this.#timer);
    this.#isClosed = true;
  }

  #onClose(): void {
    if (this.#isClosed || !this.isUp) return;
    this.isUp = false;
    const { address, patienceSeconds, onNote } = this.#options;
    const limit = patienceSeconds === undefined ? "" : ` up to ${patienceSeconds} s`;
    onNote(`the Redis server at ${address.shown} is away; waiting${limit} for it`);
    if (patienceSeconds === undefined) return;
    this.#timer = setTimeout(() => {
      this.#giveUp(
        new SweepError("SERVER", `The Redis server at ${address.shown} was away for ${patienceSeconds} s.`, {
          hint: "What is complete is kept: start the server, and resume the sweep.",
        }),
      );
    }, patienceSeconds * 1000);
  }

  #onReady(): void {
    if (this.#isClosed || this.isUp) return;
    this.isUp = true;
    clearTimeout(this.#timer);
    this.#options.onNote(`the Redis server at ${this.#options.address.shown} is back`);
  }
}
