import { SequenceQueue } from "../dist/sim/kernel/sequence-queue.js";

/** CPU seconds (user and system, all threads) of a call, and what it returned. */
export async function cpuSeconds(call) {
  const before = process.cpuUsage();
  const result = await call();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1e6, result];
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Pending events of the reference loop: about as many as a simulation of some dozens of instances has. */
const PENDING = 64;

/** A multiplicative congruential generator (Lehmer, 2^31 - 1): cheap, and the same everywhere. */
function lehmer() {
  let state = 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** Holds `pending` events in the queue, and pops and pushes `events` times: the "hold model". */
export function hold(queue, pending, events) {
  const random = lehmer();
  for (let i = 0; i < pending; i++) queue.push(random(), 0, i);
  for (let i = 0; i < events; i++) {
    queue.pop();
    queue.push(queue.timeSeconds - Math.log(random()), queue.code, queue.argument);
  }
}

export function referenceSeconds(events) {
  const before = process.cpuUsage();
  hold(new SequenceQueue(), PENDING, events);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
