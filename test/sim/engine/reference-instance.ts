/**
 * SplitwiseSim's ORCA and Splitwise instances (commit 8f99e7d) in the plainest form: lists of task objects, rebuilt at
 * every iteration, as the original does it. One instance serves a whole trace. It is the reference for the engine, whose
 * columns, links and counters must give the same doubles. Settings that repair the original are small branches.
 */
import { interpolate, type MeasuredCurves } from "../../../src/sim/performance/interpolated.ts";
import type { InstanceLogRow } from "../../../src/sim/recorder.ts";
import { type HeapItem, heappop, heappush } from "../kernel/cpython-heapq.ts";

export interface ReferenceSettings {
  readonly kind: "ORCA" | "Splitwise";
  readonly maxBatchSize: number;
  readonly maxBatchTokens: number;
  readonly maxPreemptions: number;
  readonly memoryBytes: number;
  readonly curves: MeasuredCurves;
  readonly eventOrder: "sequence" | "heapq";
  readonly admission: "request" | "task";
  readonly decodeSubmission: "after_prefill" | "with_prefill";
  readonly ageing: "preemptions" | "waited_starts";
  readonly interruption: "any_prefill" | "within_budget";
}

export interface ReferenceRequest {
  readonly arrival: number;
  readonly prompt: number;
  readonly output: number;
}

interface Request extends ReferenceRequest {
  readonly row: number;
  /** Unfinished tasks here, in order of arrival: only the first may run. */
  readonly tasks: Task[];
  heldBytes: number;
  prefill: [start: number, end: number];
  decode: [start: number, end: number];
}

interface Task {
  readonly request: Request;
  readonly isPrompt: boolean;
  readonly bytes: number;
  state: "queued" | "running" | "blocked";
  age: number;
  generated: number;
}

interface Event extends HeapItem {
  readonly action: () => void;
  isCancelled: boolean;
}

export function serve(rows: readonly ReferenceRequest[], settings: ReferenceSettings) {
  const requests = rows.map(
    (row, index): Request => ({
      ...row,
      row: index,
      tasks: [],
      heldBytes: 0,
      prefill: [Number.NaN, Number.NaN],
      decode: [Number.NaN, Number.NaN],
    }),
  );
  const completionOrder: number[] = [];
  const log: InstanceLogRow[] = [];

  // Events: CPython's heapq with all arrivals in it from the start, or a list sorted by (time, push).
  const heap: Event[] = [];
  let now = 0;
  let pushed = 0;

  function schedule(time: number, action: () => void): Event {
    const event = { time, id: pushed++, action, isCancelled: false };
    if (settings.eventOrder === "heapq") heappush(heap, event);
    else {
      heap.push(event);
      heap.sort((a, b) => a.time - b.time || a.id - b.id);
    }
    return event;
  }

  const nextEvent = () => (settings.eventOrder === "heapq" ? (heappop(heap) as Event | undefined) : heap.shift());

  // The instance.
  const pendingQueue: Task[] = [];
  const pendingPrompts: Task[] = [];
  const blockedQueue: Task[] = [];
  const pendingRequests: Request[] = [];
  let batch: Task[] = [];
  let batchTokens = 0;
  let memory = 0;
  let busySince = 0;
  let busySeconds = 0;
  let isPaused = false;
  let isCompleting = false;
  let completion: Event | undefined;
  let endTime = 0;
  let duration = 0;
  let iterations = 0;
  let totalIterations = 0;

  const remove = <Item>(list: Item[], item: Item) => {
    const index = list.indexOf(item);
    if (index >= 0) list.splice(index, 1);
  };
  const tokensOf = (task: Task) => (task.isPrompt ? task.request.prompt : 1);
  const fits = (bytes: number) => memory + bytes <= settings.memoryBytes;
  const stretchSeconds = () => duration * iterations;

  function bisectRight<Item>(list: readonly Item[], isBefore: (other: Item) => boolean): number {
    let lo = 0;
    let hi = list.length;
    while (lo < hi) {
      const mid = Math.floor((lo + hi) / 2);
      if (isBefore(list[mid])) hi = mid;
      else lo = mid + 1;
    }
    return lo;
  }

  function enqueue(task: Task): void {
    const { age, request } = task;
    const place =
      settings.kind === "ORCA"
        ? pendingQueue.length
        : bisectRight(
            pendingQueue,
            (other) =>
              (settings.ageing === "preemptions" ? age > other.age : age < other.age) ||
              (age === other.age && request.arrival < other.request.arrival),
          );
    pendingQueue.splice(place, 0, task);
  }

  function submit(request: Request, isPrompt: boolean): void {
    const whole = settings.admission === "request";
    const promptBytes = request.prompt + (whole ? request.output : 1);
    const bytes = isPrompt ? promptBytes : whole ? 0 : request.output - 1;
    const task: Task = { request, isPrompt, bytes, state: "queued", age: 0, generated: 0 };
    if (isPrompt) {
      const place = bisectRight(pendingRequests, (other) => request.arrival < other.arrival);
      pendingRequests.splice(place, 0, request);
    }
    request.tasks.push(task);
    enqueue(task);
    if (isPrompt) pendingPrompts.push(task);
    if (isCompleting) return;
    if (batch.length === 0) {
      if (fits(bytes)) start();
    } else if (interrupts(task)) pause();
  }

  function interrupts(task: Task): boolean {
    const hasPlace = batch.length < settings.maxBatchSize;
    if (settings.kind === "ORCA") return hasPlace;
    if (settings.interruption === "any_prefill" && task.isPrompt) return true;
    if (hasPlace && batchTokens + tokensOf(task) <= settings.maxBatchTokens) return true;
    const decodes = batch.filter(({ isPrompt }) => !isPrompt).length;
    return task.isPrompt && decodes > 0 && batchTokens - decodes + task.request.prompt <= settings.maxBatchTokens;
  }

  function selectOrca(): Task[] {
    const chosen = [...batch];
    let used = memory;
    let isBlocked = false;
    for (const request of pendingRequests) {
      if (chosen.length >= settings.maxBatchSize) break;
      const task = request.tasks[0];
      if (batch.includes(task) || (isBlocked && task.isPrompt)) continue;
      if (used + task.bytes > settings.memoryBytes) {
        if (settings.admission === "task") break;
        isBlocked = true;
        continue;
      }
      chosen.push(task);
      used += task.bytes;
    }
    return chosen;
  }

  function selectSplitwise(): Task[] {
    const chosen: Task[] = [];
    const usedRequests = new Set<Request>();
    let tokens = 0;
    let used = memory;
    let isBlocked = false;
    const isFull = (task: Task) =>
      chosen.length >= settings.maxBatchSize ||
      (chosen.length > 0 && tokens + tokensOf(task) > settings.maxBatchTokens);
    const take = (task: Task) => {
      chosen.push(task);
      usedRequests.add(task.request);
      tokens += tokensOf(task);
    };
    const takeIfItFits = (task: Task): boolean => {
      if (task.state === "queued") {
        if (used + task.bytes > settings.memoryBytes) return false;
        used += task.bytes;
      }
      take(task);
      return true;
    };
    for (const task of pendingQueue) {
      if (task.age < settings.maxPreemptions || isFull(task)) break;
      if (!usedRequests.has(task.request) && task === task.request.tasks[0]) takeIfItFits(task);
    }
    for (const task of pendingPrompts) {
      if (isFull(task)) break;
      if (!usedRequests.has(task.request) && !takeIfItFits(task)) break;
    }
    for (const task of blockedQueue) {
      if (isFull(task)) break;
      if (!usedRequests.has(task.request)) take(task);
    }
    for (const task of batch) {
      if (isFull(task)) break;
      if (!usedRequests.has(task.request)) take(task);
    }
    for (const request of pendingRequests) {
      if (chosen.length >= settings.maxBatchSize) break;
      const task = request.tasks[0];
      if (usedRequests.has(request) || (isBlocked && task.isPrompt)) continue;
      if (isFull(task)) break;
      if (takeIfItFits(task)) continue;
      if (settings.admission === "task") break;
      isBlocked = true;
    }
    batchTokens = tokens;
    return chosen;
  }

  function start(): void {
    const chosen = settings.kind === "ORCA" ? selectOrca() : selectSplitwise();
    const joining = chosen.filter((task) => !batch.includes(task));
    const hadBatch = batch.length > 0;
    for (const task of batch.filter((running) => !chosen.includes(running))) {
      if (task.isPrompt) throw new Error("A prompt cannot be preempted.");
      task.state = "blocked";
      if (settings.ageing === "preemptions") task.age++;
      remove(batch, task);
      enqueue(task);
      blockedQueue.push(task);
    }
    if (hadBatch && batch.length === 0) busySeconds += now - busySince;
    if (batch.length === 0 && joining.length > 0) busySince = now;
    for (const task of joining) {
      remove(pendingQueue, task);
      remove(pendingPrompts, task);
      remove(blockedQueue, task);
      batch.push(task);
    }
    if (settings.ageing === "waited_starts") {
      for (const { tasks } of pendingRequests) if (!batch.includes(tasks[0])) tasks[0].age++;
    }
    if (batch.length === 0) return;
    duration = iterationSeconds();
    const hasPrompt = batch.some(({ isPrompt }) => isPrompt);
    iterations = hasPrompt ? 1 : Math.min(...batch.map(({ request, generated }) => request.output - 1 - generated));
    for (const task of joining) {
      if (task.state === "queued") {
        memory += task.bytes;
        task.request.heldBytes += task.bytes;
        task.request[task.isPrompt ? "prefill" : "decode"][0] = now;
      }
      task.state = "running";
    }
    completeAfter(stretchSeconds());
  }

  function iterationSeconds(): number {
    const { batchTokens: xs, prefillSeconds, decodeSeconds } = settings.curves;
    const tokens = batch.reduce((sum, task) => sum + tokensOf(task), 0);
    const prompts = batch.filter(({ isPrompt }) => isPrompt).length;
    if (prompts === 0) return interpolate(xs, decodeSeconds, tokens);
    const seconds = interpolate(xs, prefillSeconds, tokens);
    return prompts === batch.length ? seconds : seconds * 1.1;
  }

  function completeAfter(delay: number): void {
    if (completion !== undefined) completion.isCancelled = true;
    endTime = now + delay;
    if (delay === 0) complete();
    else completion = schedule(endTime, complete);
  }

  function pause(): void {
    if (isPaused || batch.some(({ isPrompt }) => isPrompt)) return;
    isPaused = true;
    const elapsed = now - (endTime - stretchSeconds());
    // Python's elapsed // duration; an arrival at the very end of the stretch must not add an iteration to it.
    const remainder = elapsed % duration;
    let quotient = (elapsed - remainder) / duration - (remainder < 0 ? 1 : 0);
    quotient = quotient - Math.floor(quotient) > 0.5 ? Math.floor(quotient) + 1 : Math.floor(quotient);
    iterations = Math.min(quotient + 1, iterations);
    completeAfter(stretchSeconds() - elapsed);
  }

  function complete(): void {
    completion = undefined;
    log.push(logRow());
    totalIterations += iterations;
    for (const task of batch) task.generated += iterations;
    const finished = batch.filter(
      ({ isPrompt, generated, request }) => generated >= (isPrompt ? 1 : request.output - 1),
    );
    batch = batch.filter((task) => !finished.includes(task));
    if (batch.length === 0 && finished.length > 0) busySeconds += now - busySince;
    isCompleting = true;
    for (const task of finished) finish(task);
    isCompleting = false;
    isPaused = false;
    start();
  }

  function finish(task: Task): void {
    const { request } = task;
    request[task.isPrompt ? "prefill" : "decode"][1] = now;
    remove(request.tasks, task);
    if (task.isPrompt && settings.decodeSubmission === "with_prefill") return;
    if (task.isPrompt && request.output > 1) {
      submit(request, false);
      return;
    }
    remove(pendingRequests, request);
    memory -= request.heldBytes;
    completionOrder.push(request.row);
  }

  function logRow(): InstanceLogRow {
    return {
      iterationStartSeconds: endTime - stretchSeconds(),
      iterationEndSeconds: now,
      batchSize: batch.length,
      prefillsInBatch: batch.filter(({ isPrompt }) => isPrompt).length,
      memoryBytes: memory,
      pendingRequests: pendingRequests.length,
      pendingTasks: pendingQueue.length,
      blockedTasks: blockedQueue.length,
      pendingPrefills: pendingPrompts.length,
      earliestRequestId: pendingRequests[0].row,
      memoryAllocations: pendingRequests.filter(({ heldBytes }) => heldBytes > 0).length + 1,
      contiguousIterations: iterations,
      batchTokens: settings.kind === "ORCA" ? 0 : batchTokens,
      pendingTokens: pendingQueue.reduce((sum, task) => sum + tokensOf(task), 0),
    };
  }

  function arrive(request: Request): void {
    submit(request, true);
    if (settings.decodeSubmission === "with_prefill") submit(request, false);
  }

  if (settings.eventOrder === "heapq") for (const request of requests) schedule(request.arrival, () => arrive(request));
  else {
    const inOrder = requests.toSorted((a, b) => a.arrival - b.arrival || a.row - b.row);
    const feed = (index: number) => {
      const together = inOrder.slice(index).filter(({ arrival }) => arrival === inOrder[index].arrival);
      const next = index + together.length;
      if (next < inOrder.length) schedule(inOrder[next].arrival, () => feed(next));
      for (const request of together) arrive(request);
    };
    if (inOrder.length > 0) schedule(inOrder[0].arrival, () => feed(0));
  }
  for (let event = nextEvent(); event !== undefined; event = nextEvent()) {
    if (event.isCancelled) continue;
    now = event.time;
    event.action();
  }
  return {
    prefill: requests.map(({ prefill }) => prefill),
    decode: requests.map(({ decode }) => decode),
    completionOrder,
    busySeconds,
    iterations: totalIterations,
    endSeconds: now,
    log,
  };
}
