/** `sweep worker`: runs the jobs that sweeps with hydra/launcher=bullmq put into a queue. */
import { availableParallelism, homedir } from "node:os";
import { join, resolve } from "node:path";
import { SweepError } from "../errors.ts";
import { InputCache } from "../sweep/launchers/bullmq/input-store.ts";
import { DEFAULT_QUEUE } from "../sweep/launchers/bullmq/job.ts";
import { QueueWorker } from "../sweep/launchers/bullmq/queue-worker.ts";
import { redisAddress, URL_VARIABLE } from "../sweep/launchers/bullmq/redis-address.ts";
import { connect, loadPackages } from "../sweep/launchers/bullmq/redis-connection.ts";
import { ServerWatch } from "../sweep/launchers/bullmq/server-watch.ts";
import { builtWorker, madeBy } from "./launcher-for.ts";
import { describeOptions, type OptionTable, parseOptions, positiveNumber, wholeNumber } from "./option-table.ts";
import { EXIT } from "./report-error.ts";

const OPTIONS = {
  redis: {
    type: "string",
    value: "URL",
    describe: `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], rediss:// over TLS (default: $${URL_VARIABLE}, or this machine)`,
  },
  queue: { type: "string", value: "NAME", describe: `Queue to take jobs from (default: ${DEFAULT_QUEUE})` },
  workers: { type: "string", value: "N", describe: "Runs at a time (default: one per core)" },
  memory: { type: "string", value: "MIB", describe: "JavaScript heap of each run; a run that needs more fails" },
  cache: { type: "string", value: "DIR", describe: "Folder for input files (default: ~/.cache/servesweep/inputs)" },
  "lost-after": {
    type: "string",
    value: "SECONDS",
    describe: "Others take over the jobs of a worker that was silent for so long (default: 60)",
  },
  "until-idle": { type: "string", value: "SECONDS", describe: "End after so long without a job (default: never)" },
  quiet: { type: "boolean", short: "q", describe: "Say nothing of each job" },
  help: { type: "boolean", short: "h", describe: "Show this help" },
} as const satisfies OptionTable;

const HELP = `Usage: sweep worker [OPTIONS]

Runs jobs of sweeps that were started with hydra/launcher=bullmq, on this machine, until it is interrupted: SIGINT or SIGTERM
finishes the jobs in hand, a second one ends at once, and others take over. Results go to the machine that started the sweep.

${describeOptions(OPTIONS)}`;

export async function workerCommand(argv: readonly string[]): Promise<number> {
  const { options, words } = parseOptions(argv, OPTIONS);
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  if (words.length > 0) throw new SweepError("USAGE", `Unknown argument '${words[0]}'.`);
  const threads = wholeNumber("workers", options.workers, 1) ?? availableParallelism();
  const lostAfterSeconds = positiveNumber("lost-after", options["lost-after"], "a number of seconds") ?? 60;
  const idleSeconds = positiveNumber("until-idle", options["until-idle"], "a number of seconds");
  const maxHeapMebibytes = wholeNumber("memory", options.memory, 1);
  const address = redisAddress(options.redis, process.env);
  // The command line, with a password perhaps, stands in the list of processes that everybody may read.
  process.title = "sweep worker";
  const inputs = new InputCache(resolve(options.cache ?? join(homedir(), ".cache/servesweep/inputs")));
  const packages = await loadPackages();
  const { redis, notes, close } = await connect(packages, address);
  notes.forEach(tell);
  const watch = new ServerWatch(redis, { address, onNote: tell });
  const idle = idleTimer(idleSeconds);
  const queue = options.queue ?? DEFAULT_QUEUE;
  const worker = new QueueWorker(packages, redis, {
    queue,
    madeBy: madeBy(),
    threads,
    workerUrl: builtWorker("remote-worker"),
    maxHeapMebibytes,
    lostAfterSeconds,
    inputs,
    onJob(runs, failed) {
      idle.touch();
      if (!options.quiet) tell(`${runs} ${runs === 1 ? "run" : "runs"} done${failed > 0 ? `, ${failed} failed` : ""}`);
    },
  });
  tell(`worker of queue '${queue}' at ${address.shown}: ${threads} at a time`);
  await Promise.race([interrupted(), idle.whenIdle(() => worker.active > 0)]);
  watch.close();
  // Without the server there is nowhere to bring results to, and its clients wait for it for ever.
  if (!watch.isUp) process.exit(EXIT.done);
  await worker.close();
  close();
  return EXIT.done;
}

/** Resolves at the first signal; the second ends the process. */
function interrupted(): Promise<void> {
  return new Promise((resolveFirst) => {
    let isFirst = true;
    const onSignal = (signal: NodeJS.Signals) => {
      if (!isFirst) process.exit(EXIT.interrupted);
      isFirst = false;
      tell(`${signal}: finishing the jobs in hand (once more stops at once)`);
      resolveFirst();
    };
    process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  });
}

function idleTimer(seconds: number | undefined) {
  let last = performance.now();
  return {
    touch() {
      last = performance.now();
    },
    whenIdle(isBusy: () => boolean): Promise<void> {
      return new Promise((resolveIdle) => {
        if (seconds === undefined) return;
        const timer = setInterval(() => {
          if (isBusy() || performance.now() - last < seconds * 1000) return;
          clearInterval(timer);
          resolveIdle();
        }, 100);
      });
    },
  };
}

function tell(note: string): void {
  process.stderr.write(`sweep: ${note}\n`);
}
