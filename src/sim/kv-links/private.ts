/** A link of its own for every transfer, with the scheduler's bandwidth: no contention (SplitwiseSim's DummyLink). */
import { EVENT_RANK } from "../kernel/event-ranks.ts";
import type { KvLinksDefinition } from "./kv-links.ts";

export const privateLinks: KvLinksDefinition = {
  targets: ["kv_links.Private"],
  create({ kernel, transferBytesPerSecond, onArrived }, { latency }) {
    const arrived = kernel.on(onArrived, EVENT_RANK.transferEnd);
    return {
      addInstance() {},
      transfer: (request, bytes) => kernel.after(latency + bytes / transferBytesPerSecond, arrived, request),
    };
  },
};
