/** The contract of an event queue: which event is next, and nothing else. */

/**
 * A queue of events ordered by time. Implementations differ in the order of equal times, and say which it is.
 * An event is two integers, which the kernel gives their meaning. The queue allocates nothing per event.
 */
export interface EventQueue {
  readonly size: number;
  /** Given to queues that serve equal times by the rank of the event: the kernel knows it by the event's code. */
  rankBy?(rankOf: (code: number) => number): void;
  push(timeSeconds: number, code: number, argument: number): void;
  /** Like `push`, for an event that is served after all others of its time; queues without it serve it like any other. */
  pushLast?(timeSeconds: number, code: number, argument: number): void;
  /** Removes the next event and leaves it in the three fields below; false if there is none. */
  pop(): boolean;
  /** Time of the event popped last, in seconds. */
  readonly timeSeconds: number;
  readonly code: number;
  readonly argument: number;
}
