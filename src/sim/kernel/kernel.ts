/** The simulation kernel: one clock, one event queue, a table of handlers, and timers that can be moved. */
import { invariant } from "../../errors.ts";
import { CODE_LIMIT, type EventQueue } from "./event-queue.ts";

/** What happens when an event is due; `argument` says to whom (a request's row, an instance's index). */
export type EventHandler = (argument: number) => void;

/** Looks at the simulation between events, when it is due, and changes nothing. */
export interface Observer {
  readonly nextSeconds: number;
  /** Moves `nextSeconds` on. Everything is as all events before that time have left it. */
  take(): void;
}

/** Index into the kernel's table of handlers. */
export type EventKind = number;

/** Index of a timer: a slot with at most one pending event. */
export type TimerId = number;

/**
 * Where a run stops. `before`: no event later than the end time is executed. `after`: the clock is tested before each
 * event instead of the event's own time, so one event at or past the end time is still executed (SplitwiseSim).
 */
export type Cutoff = "before" | "after";

export class Kernel {
  /** Simulated clock in seconds. */
  now = 0;
  /** Events executed; cancelled ones and zero delays are not counted. */
  events = 0;
  readonly #queue: EventQueue;
  readonly #handlers: EventHandler[] = [];
  /** By kind; queues that order equal times by what the events are ask for it. */
  readonly #ranks: number[] = [];
  // A timer's pending event carries the version at which it was armed; an older version means cancelled.
  readonly #timerKinds: EventKind[] = [];
  readonly #timerArguments: number[] = [];
  readonly #timerVersions: number[] = [];
  #observer: Observer | undefined;
  #nextObservationSeconds = Number.POSITIVE_INFINITY;

  constructor(queue: EventQueue) {
    this.#queue = queue;
    queue.rankBy?.(
      (code) => this.#ranks[code < 0 ? this.#timerKinds[~code] : code],
      (code, argument) => (code < 0 ? this.#timerArguments[~code] : argument),
    );
  }

  /** Registers a handler; its index is the kind of event that it serves. `rank` matters to queues that order by it. */
  on(handler: EventHandler, rank = 0): EventKind {
    this.#ranks.push(rank);
    return this.#handlers.push(handler) - 1;
  }

  /** Schedules an event at an absolute time. */
  at(timeSeconds: number, kind: EventKind, argument: number): void {
    this.#queue.push(timeSeconds, kind, argument);
  }

  /** Schedules an event after a delay; a delay of zero runs the handler at once, inside the caller. */
  after(delaySeconds: number, kind: EventKind, argument: number): void {
    if (delaySeconds === 0) this.#handlers[kind](argument);
    else this.#queue.push(this.now + delaySeconds, kind, argument);
  }

  timer(kind: EventKind, argument: number): TimerId {
    invariant(this.#timerKinds.length < CODE_LIMIT, `more than ${CODE_LIMIT} timers`);
    this.#timerKinds.push(kind);
    this.#timerArguments.push(argument);
    return this.#timerVersions.push(0) - 1;
  }

  /** Sets the timer's event, instead of a pending one. */
  arm(timer: TimerId, timeSeconds: number): void {
    this.#queue.push(timeSeconds, ~timer, this.#nextVersion(timer));
  }

  /** The same, for an event after all others of its time: what happens then has happened before it. */
  armLast(timer: TimerId, timeSeconds: number): void {
    const queue = this.#queue;
    const version = this.#nextVersion(timer);
    if (queue.pushLast === undefined) queue.push(timeSeconds, ~timer, version);
    else queue.pushLast(timeSeconds, ~timer, version);
  }

  /** 31 bits: a version recurs only if a timer is moved 2^31 times while one old event is still pending. */
  #nextVersion(timer: TimerId): number {
    const version = (this.#timerVersions[timer] + 1) & 0x7fffffff;
    this.#timerVersions[timer] = version;
    return version;
  }

  cancel(timer: TimerId): void {
    this.#timerVersions[timer] = (this.#timerVersions[timer] + 1) & 0x7fffffff;
  }

  /** From now on the observer looks at the simulation; events and clock are what they would be without it. */
  observe(observer: Observer): void {
    this.#observer = observer;
    this.#nextObservationSeconds = observer.nextSeconds;
  }

  /** Executes events in order until none is left or the end time is reached. Cancelled events do not move the clock. */
  run(endSeconds: number, cutoff: Cutoff): void {
    const queue = this.#queue;
    const handlers = this.#handlers;
    // Settings are compared once: a text read from a file is compared character by character, each time.
    const testsEventTime = cutoff === "before";
    while ((testsEventTime || this.now < endSeconds) && queue.pop()) {
      const code = queue.code;
      const argument = queue.argument;
      if (code < 0 && this.#timerVersions[~code] !== argument) continue;
      if (testsEventTime && queue.timeSeconds > endSeconds) {
        this.#observeUntil(endSeconds);
        this.now = endSeconds;
        return;
      }
      if (queue.timeSeconds >= this.#nextObservationSeconds) this.#observeUntil(queue.timeSeconds);
      this.now = queue.timeSeconds;
      this.events++;
      if (code < 0) handlers[this.#timerKinds[~code]](this.#timerArguments[~code]);
      else handlers[code](argument);
    }
  }

  #observeUntil(seconds: number): void {
    const observer = this.#observer;
    if (observer === undefined) return;
    while (observer.nextSeconds <= seconds) observer.take();
    this.#nextObservationSeconds = observer.nextSeconds;
  }
}
