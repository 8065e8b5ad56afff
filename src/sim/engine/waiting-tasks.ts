/** Everything that waits at one instance, in the orders that local policies ask for. */
import type { Requests } from "../workload/requests.ts";
import { decodeTask, isDecode, prefillTask, requestOf, TASK_STATE, type TaskTable } from "../workload/task-table.ts";
import { LinkedRows } from "./linked-rows.ts";
import { PendingQueue } from "./pending-queue.ts";

/** A decode whose prefill is not done has waited zero starts, whatever happens around it. */
const NOT_AGEING = 0x7fffffff;

/**
 * What a task's age counts, and which age comes first in a sorted queue. `preemptions`: how often it was preempted, the
 * oldest first. `waited_starts` (SplitwiseSim): how many iterations started on its instance while it waited, whether it
 * had ever run or not; the youngest first, so that newcomers hide those who have waited long.
 */
export type Ageing = "preemptions" | "waited_starts";

/** Links that all instances of a simulation share: a request waits at one instance at a time. */
export class WaitingLinks {
  readonly nextWaiting: Int32Array;
  readonly previousWaiting: Int32Array;
  readonly nextInFifo: Int32Array;
  readonly previousInFifo: Int32Array;
  /** Rank of a request among equal arrival times at its instance. */
  readonly joinOrder: Uint32Array;
  /** Where a task is in its instance's queue. */
  readonly queueBlock: Int32Array;

  constructor(requests: number) {
    this.nextWaiting = new Int32Array(requests);
    this.previousWaiting = new Int32Array(requests);
    this.nextInFifo = new Int32Array(requests);
    this.previousInFifo = new Int32Array(requests);
    this.joinOrder = new Uint32Array(requests);
    this.queueBlock = new Int32Array(2 * requests);
  }
}

export class WaitingTasks {
  /** Requests whose first unfinished task waits, by arrival time, then in the order in which they joined. */
  readonly byArrival: LinkedRows;
  /** Requests waiting for their prefill, and requests whose decode was preempted, in the order in which they came. */
  readonly prefills: LinkedRows;
  readonly preempted: LinkedRows;
  /** All waiting tasks in the policy's own order. */
  readonly queue: PendingQueue;
  readonly #requests: Requests;
  readonly #tasks: TaskTable;
  readonly #joinOrder: Uint32Array;
  readonly #countsPreemptions: boolean;
  #joined = 0;
  /** Iterations started here, if ages count waited starts; 0 otherwise. A task's age is `starts - ageOrigin`. */
  #starts = 0;
  /** Where the last request was inserted into `byArrival`: preempted ones come in runs of neighbours. */
  #lastInserted = -1;

  constructor(requests: Requests, tasks: TaskTable, links: WaitingLinks, ageing: Ageing) {
    this.#requests = requests;
    this.#tasks = tasks;
    this.#joinOrder = links.joinOrder;
    this.#countsPreemptions = ageing === "preemptions";
    this.queue = new PendingQueue(links.queueBlock);
    this.byArrival = new LinkedRows(links.nextWaiting, links.previousWaiting);
    this.prefills = new LinkedRows(links.nextInFifo, links.previousInFifo);
    this.preempted = new LinkedRows(links.nextInFifo, links.previousInFifo);
  }

  /** Gives a request its rank among those that arrived at the same time. */
  join(request: number): void {
    this.#joinOrder[request] = this.#joined++;
  }

  joinOrder(request: number): number {
    return this.#joinOrder[request];
  }

  age(task: number): number {
    const origin = this.#tasks.ageOrigin[task];
    return origin === NOT_AGEING ? 0 : this.#starts - origin;
  }

  /** Whether a task of the first age stands before one of the second in a queue sorted by age. */
  isAgeBefore(age: number, other: number): boolean {
    return this.#countsPreemptions ? age > other : age < other;
  }

  /** The task of a waiting request that may run next. */
  firstTask(request: number): number {
    const prefill = prefillTask(request);
    const state = this.#tasks.state[prefill];
    return state === TASK_STATE.queued || state === TASK_STATE.starting ? prefill : decodeTask(request);
  }

  /** A task arrived. The caller puts it into `queue`. `ready` is false for a decode whose prefill is not done. */
  arrive(task: number, ready: boolean): void {
    this.#tasks.state[task] = TASK_STATE.queued;
    this.#tasks.ageOrigin[task] = ready ? this.#starts : NOT_AGEING;
    if (ready) this.#insertByArrival(requestOf(task));
    if (!isDecode(task)) this.prefills.append(requestOf(task));
  }

  /** The prefill of a request is done and its decode, which arrived before, may run. */
  becomeReady(request: number): void {
    this.#tasks.ageOrigin[decodeTask(request)] = this.#starts;
    this.#insertByArrival(request);
  }

  /** A running decode was preempted. The caller puts it into `queue`. */
  preempt(task: number): void {
    const request = requestOf(task);
    const age = this.#tasks.ageOrigin[task] + (this.#countsPreemptions ? 1 : 0);
    this.#tasks.state[task] = TASK_STATE.blocked;
    this.#tasks.ageOrigin[task] = this.#starts - age;
    this.#insertByArrival(request);
    this.preempted.append(request);
  }

  /** A selected task runs from now on; until it is preempted, its `ageOrigin` holds its age. */
  run(task: number): void {
    const request = requestOf(task);
    const age = this.age(task);
    if (this.#lastInserted === request) this.#lastInserted = this.byArrival.previous(request);
    this.byArrival.remove(request);
    if (this.#tasks.state[task] === TASK_STATE.resuming) this.preempted.remove(request);
    else if (!isDecode(task)) this.prefills.remove(request);
    this.#tasks.ageOrigin[task] = age;
    this.#tasks.state[task] = TASK_STATE.running;
  }

  /** An iteration starts: every task that waits has waited once more. */
  countStart(): void {
    if (!this.#countsPreemptions) this.#starts++;
  }

  /** O(1) for a request later than all others; otherwise the walk starts where the last one was inserted. */
  #insertByArrival(request: number): void {
    const list = this.byArrival;
    let place = list.tail;
    if (place >= 0 && this.#isBefore(request, place)) {
      place = this.#lastInserted >= 0 ? this.#lastInserted : list.head;
      if (this.#isBefore(request, place)) {
        do place = list.previous(place);
        while (place >= 0 && this.#isBefore(request, place));
      } else {
        let following = list.next(place);
        while (following >= 0 && !this.#isBefore(request, following)) {
          place = following;
          following = list.next(place);
        }
      }
    }
    list.insertAfter(place, request);
    this.#lastInserted = request;
  }

  #isBefore(request: number, other: number): boolean {
    const arrivals = this.#requests.arrivalSeconds;
    if (arrivals[request] !== arrivals[other]) return arrivals[request] < arrivals[other];
    return this.#joinOrder[request] < this.#joinOrder[other];
  }
}
