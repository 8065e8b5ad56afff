// Events that do nothing but schedule the next one: clock, queue and handler table, with 1,000 events pending.
import { Kernel } from "../../dist/sim/kernel/kernel.js";
import { SequenceQueue } from "../../dist/sim/kernel/sequence-queue.js";

const EVENTS = 1_000_000;
const PENDING = 1000;

export function kernel() {
  const run = () => {
    const kernel = new Kernel(new SequenceQueue());
    let left = EVENTS - PENDING;
    const kind = kernel.on((argument) => {
      if (left-- > 0) kernel.at(kernel.now + 1 + ((argument * 48271) % 997) / 997, kind, argument + 1);
    });
    for (let i = 0; i < PENDING; i++) kernel.at(i / PENDING, kind, i);
    kernel.run(Number.POSITIVE_INFINITY, "before");
    return { events: kernel.events };
  };
  return { run, warmUps: 3, repetitions: 9 };
}
