/** Runs the tasks on other machines: BullMQ's queue in Redis, from which `sweep worker` takes jobs. */
import type { Launcher } from "../launcher.ts";
import type { RedisAddress } from "./redis-address.ts";
import { connect, loadPackages } from "./redis-connection.ts";
import { Submission } from "./submission.ts";

export interface BullmqOptions {
  readonly address: RedisAddress;
  readonly queue: string;
  /** Of the program and its result format; workers of other versions refuse the runs. */
  readonly madeBy: string;
  /** Tells sweeps apart that share a queue; the same for a sweep that is resumed. Letters, digits and `-`. */
  readonly sweepKey: string;
  /** Jobs in the queue at a time; each holds one run, or several short ones. */
  readonly jobsInQueue: number;
  /** How long the server may be away before the sweep stops. */
  readonly patienceSeconds: number;
  /** A run that takes longer is stopped, and failed. */
  readonly timeoutSeconds?: number | undefined;
  /** For what the user should know while the sweep runs. */
  readonly onNote: (note: string) => void;
}

export function bullmqLauncher(options: BullmqOptions): Launcher {
  return {
    name: "bullmq",
    async launch(tasks, launchOptions) {
      const packages = await loadPackages();
      const connection = await connect(packages, options.address);
      for (const note of connection.notes) options.onNote(note);
      const submission = new Submission(packages, connection.redis, options, launchOptions);
      try {
        await submission.run(tasks);
      } finally {
        await submission.close();
        connection.close();
      }
    },
  };
}
