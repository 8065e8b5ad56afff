/** The contract of an event queue: which event is next, and nothing else. */

/** Code and argument together are exact in a double. */
export const CODE_LIMIT = 2 ** 20;

/** What the kernel knows of an event that it pushes. */
export type EventFact = (code: number, argument: number) => number;

/**
 * A queue of events ordered by time. Implementations differ in the order of equal times, and say which it is.
 * An event is two integers, which the kernel gives their meaning: a code from -CODE_LIMIT to CODE_LIMIT - 1, and an
 * argument of 31 bits, not negative. The queue allocates nothing per event.
 */
export interface EventQueue {
  readonly size: number;
  /** Given to queues that serve equal times by what the events are: the kernel knows their rank, and whom they are for. */
  rankBy?(rankOf: EventFact, subjectOf: EventFact): void;
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
