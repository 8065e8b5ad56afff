/** Reads trace events and judges them by the Trace Event Format (Duffy, 2016). */
import { expect } from "vitest";

export interface Event {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly id?: number;
  readonly cat?: string;
  readonly args?: Readonly<Record<string, number | string>>;
}

/** Fields that a phase needs besides `name`, `pid`, `tid` and `ts`. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  X: ["dur"],
  C: ["args"],
  M: ["args"],
  i: ["s"],
  s: ["id", "cat"],
  t: ["id", "cat"],
  f: ["id", "cat"],
};

export const nanoseconds = (microseconds: number) => Math.round(microseconds * 1000);

export const startOf = ({ ts }: Event) => nanoseconds(ts);
export const endOf = ({ ts, dur = 0 }: Event) => nanoseconds(ts) + nanoseconds(dur);

/** Slices by thread, in order of their starts. */
export function slicesByThread(events: readonly Event[]): Map<string, Event[]> {
  const threads = new Map<string, Event[]>();
  for (const event of events) {
    if (event.ph !== "X") continue;
    const key = `${event.pid}/${event.tid}`;
    const slices = threads.get(key);
    if (slices === undefined) threads.set(key, [event]);
    else slices.push(event);
  }
  for (const slices of threads.values()) slices.sort((a, b) => startOf(a) - startOf(b));
  return threads;
}

/** The slice of the event's thread at its time. */
export function sliceAt(threads: ReadonlyMap<string, readonly Event[]>, event: Event): Event | undefined {
  return threads
    .get(`${event.pid}/${event.tid}`)
    ?.find((slice) => startOf(slice) <= startOf(event) && startOf(event) <= endOf(slice));
}

export function flows(events: readonly Event[]): Map<number, Event[]> {
  const byId = new Map<number, Event[]>();
  for (const event of events) {
    if (!"stf".includes(event.ph)) continue;
    byId.set(event.id as number, [...(byId.get(event.id as number) ?? []), event]);
  }
  return byId;
}

/** Fails the test if a viewer would refuse or misplace one of the events. */
export function expectValid(events: readonly Event[]): void {
  const named = { process_name: new Set<string>(), thread_name: new Set<string>() };
  for (const event of events) {
    expect(Object.keys(NEEDED), JSON.stringify(event)).toContain(event.ph);
    const missing = ["name", "pid", "tid", "ts", ...NEEDED[event.ph]].filter((field) => !Object.hasOwn(event, field));
    expect(missing, JSON.stringify(event)).toEqual([]);
    for (const value of [event.pid, event.tid]) expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
    expect(Number.isFinite(event.ts) && event.ts >= 0).toBe(true);
    expect(Number.isFinite(event.dur ?? 0) && (event.dur ?? 0) >= 0).toBe(true);
    if (event.ph === "C") {
      const values = Object.values(event.args ?? {});
      expect(values.length).toBeGreaterThan(0);
      expect(values.every((value) => typeof value === "number" && Number.isFinite(value) && value >= 0)).toBe(true);
    }
    if (event.name === "process_name") named.process_name.add(`${event.pid}`);
    if (event.name === "thread_name") named.thread_name.add(`${event.pid}/${event.tid}`);
  }
  const threads = slicesByThread(events);
  for (const [thread, slices] of threads) {
    expect(named.thread_name).toContain(thread);
    expect(named.process_name).toContain(thread.split("/")[0]);
    slices.forEach((slice, index) => {
      if (index > 0) expect(startOf(slice)).toBeGreaterThanOrEqual(endOf(slices[index - 1]));
    });
  }
  for (const [id, flow] of flows(events)) {
    const phases = flow.map(({ ph }) => ph).join("");
    expect(phases, `request ${id}`).toMatch(/^st*f$/);
    flow.forEach((event, index) => {
      expect(sliceAt(threads, event), `request ${id}, ${JSON.stringify(event)}`).toBeDefined();
      if (index > 0) expect(startOf(event)).toBeGreaterThan(startOf(flow[index - 1]));
    });
  }
}
