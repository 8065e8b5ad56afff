/** Progress of a sweep on a terminal (a bar) or in a log (a line now and then). */
import cliProgress from "cli-progress";

export interface ProgressCounts {
  readonly total: number;
  /** Complete runs, those from before a resume included. */
  readonly done: number;
  readonly failed: number;
  /** Runs in flight. */
  readonly running: number;
  /** Requests of the runs completed since the start. */
  readonly requests: number;
}

export interface Progress {
  start(counts: ProgressCounts): void;
  /** A run has started or ended. */
  update(counts: ProgressCounts): void;
  stop(): void;
}

export interface ProgressOptions {
  /** Usually stderr. */
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** A bar only on a terminal and outside continuous integration. */
  readonly bar: boolean;
  /** Milliseconds of a monotonic clock; for tests. */
  readonly now?: () => number;
}

/** Parts of the sweep after which a log gets another line. */
const LOG_STEPS = 10;

export function createProgress({ stream, bar, now = () => performance.now() }: ProgressOptions): Progress {
  const pace = createPace(now);
  return bar ? barProgress(stream, pace) : lineProgress(stream, pace);
}

/** Tells all of them. */
export function together(all: readonly Progress[]): Progress {
  return {
    start(counts) {
      for (const progress of all) progress.start(counts);
    },
    update(counts) {
      for (const progress of all) progress.update(counts);
    },
    stop() {
      for (const progress of all) progress.stop();
    },
  };
}

function barProgress(stream: NodeJS.WritableStream, pace: Pace): Progress {
  const bar = new cliProgress.SingleBar({
    stream,
    format: "{bar} {value}/{total} runs, {failed} failed, {running} running, {pace}",
    barCompleteChar: "#",
    barIncompleteChar: "-",
    barsize: 30,
    hideCursor: true,
    clearOnComplete: false,
    gracefulExit: false,
  });
  const payload = (counts: ProgressCounts) => ({
    failed: counts.failed,
    running: counts.running,
    pace: pace.text(counts),
  });
  return {
    start(counts) {
      pace.start(counts);
      bar.start(counts.total, ended(counts), payload(counts));
    },
    update: (counts) => bar.update(ended(counts), payload(counts)),
    stop: () => bar.stop(),
  };
}

function lineProgress(stream: NodeJS.WritableStream, pace: Pace): Progress {
  let lastStep = 0;
  let lastEnded = 0;
  const print = (counts: ProgressCounts) => {
    const failed = counts.failed === 0 ? "" : `, ${counts.failed} failed`;
    stream.write(`sweep: ${ended(counts)}/${counts.total} runs${failed}, ${pace.text(counts)}\n`);
  };
  const stepOf = (counts: ProgressCounts) => Math.floor((LOG_STEPS * ended(counts)) / counts.total);
  return {
    start(counts) {
      pace.start(counts);
      lastStep = stepOf(counts);
      lastEnded = ended(counts);
      const earlier = counts.done === 0 ? "" : `, ${counts.done} complete already`;
      stream.write(`sweep: ${counts.total} runs${earlier}\n`);
    },
    update(counts) {
      if (ended(counts) === lastEnded) return;
      lastEnded = ended(counts);
      const step = stepOf(counts);
      if (step === lastStep && !pace.isFirst(counts)) return;
      lastStep = step;
      print(counts);
    },
    stop() {},
  };
}

function ended({ done, failed }: ProgressCounts): number {
  return done + failed;
}

interface Pace {
  start(counts: ProgressCounts): void;
  /** Whether just one run ended since the start. */
  isFirst(counts: ProgressCounts): boolean;
  /** Such as `3.2 runs/s, 27000 requests/s, ETA 1 min 5 s`. */
  text(counts: ProgressCounts): string;
}

function createPace(now: () => number): Pace {
  let startMilliseconds = 0;
  let endedBefore = 0;
  return {
    start(counts) {
      startMilliseconds = now();
      endedBefore = ended(counts);
    },
    isFirst: (counts) => ended(counts) - endedBefore === 1,
    text(counts) {
      const seconds = (now() - startMilliseconds) / 1000;
      const count = ended(counts) - endedBefore;
      if (count === 0 || seconds <= 0) return "starting";
      return formatPace({
        runsPerSecond: count / seconds,
        requestsPerSecond: counts.requests / seconds,
        left: counts.total - ended(counts),
        seconds,
      });
    },
  };
}

export interface PaceFigures {
  readonly runsPerSecond: number;
  /** Simulated requests. */
  readonly requestsPerSecond: number;
  /** Runs that have not ended. */
  readonly left: number;
  readonly seconds: number;
}

export function formatPace({ runsPerSecond, requestsPerSecond, left, seconds }: PaceFigures): string {
  const time = left === 0 ? formatDuration(seconds) : `ETA ${formatDuration(left / runsPerSecond)}`;
  return `${formatRate(runsPerSecond)} runs/s, ${formatRate(requestsPerSecond)} requests/s, ${time}`;
}

function formatRate(perSecond: number): string {
  return perSecond >= 100 || perSecond === 0 ? perSecond.toFixed(0) : perSecond.toPrecision(2);
}

/** Such as `12 s`, `3 min 20 s`, `5 h 2 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
