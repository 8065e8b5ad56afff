/** Threads of groups of processors, of loads to them and of links. */
import type { SwapTimelineColumns } from "../../sim/recorder.ts";
import type { SwapRows } from "./swap-rows.ts";
import type { Thread } from "./threads.ts";

export class SwapThreads {
  /** In the order in which viewers show them. */
  readonly all: Thread[] = [];
  readonly #groups: readonly Thread[];
  readonly #loads: readonly (readonly Thread[])[];
  readonly #links: readonly (readonly Thread[])[];

  /** `sharedPid`: the process of what is of no server; `firstTid` and those after it are free. */
  constructor(columns: SwapTimelineColumns, { loadLanes, linkLanes }: SwapRows, sharedPid: number, firstTid: number) {
    const thread = (pid: number, name: string): Thread => {
      const made = { pid, tid: firstTid + this.all.length, name };
      this.all.push(made);
      return made;
    };
    const lanes = (count: number, pid: number, name: string) =>
      Array.from({ length: count }, (_, lane) => thread(pid, lane === 0 ? name : `${name} (${lane + 1})`));
    const groups = columns.groups.map(({ serverId, name }, group) => {
      const pid = serverId + 1;
      const own = thread(pid, name);
      // One lane at least, for what happens to models that are there from the start.
      return { own, loads: lanes(Math.max(1, loadLanes.lanesOf(group)), pid, `loads to ${name}`) };
    });
    this.#groups = groups.map(({ own }) => own);
    this.#loads = groups.map(({ loads }) => loads);
    this.#links = columns.links.map(({ serverId, name }, link) =>
      lanes(linkLanes.lanesOf(link), serverId === undefined ? sharedPid : serverId + 1, name),
    );
  }

  ofGroup(group: number): Thread {
    return this.#groups[group];
  }

  ofLoad(group: number, lane: number): Thread {
    return this.#loads[group][lane];
  }

  ofLink(link: number, lane: number): Thread {
    return this.#links[link][lane];
  }
}
