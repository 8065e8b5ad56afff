/** As many requests as possible before their deadlines (Moore 1968): exact for one machine, all jobs released now. */
import type { DeadlineParameters } from "./local-order.schema.ts";
import type { LocalOrder, LocalOrderContext, LocalOrderDefinition, WaitingRequests } from "./local-order.ts";

export interface Job {
  readonly index: number;
  readonly seconds: number;
  /** Seconds from now. */
  readonly deadline: number;
}

/**
 * The most jobs that can be done by their deadlines, one after the other from now, in the order in which to do them: by
 * deadline, and whenever one is late, the longest taken so far is dropped, the last of equals. O(n log n + n k) for k dropped jobs.
 */
export function onTimeJobs(jobs: readonly Job[]): Job[] {
  const byDeadline = [...jobs].sort((a, b) => a.deadline - b.deadline || a.index - b.index);
  const taken: Job[] = [];
  let seconds = 0;
  for (const job of byDeadline) {
    taken.push(job);
    seconds += job.seconds;
    if (seconds <= job.deadline) continue;
    let longest = 0;
    for (let i = 1; i < taken.length; i++) if (taken[i].seconds >= taken[longest].seconds) longest = i;
    seconds -= taken[longest].seconds;
    taken.splice(longest, 1);
  }
  return taken;
}

/** Waiting requests whose deadline is still ahead, as jobs. */
export function jobsOf(
  { requests, tokens, workSeconds }: LocalOrderContext,
  { deadline, seconds_per_token: secondsPerToken }: Omit<DeadlineParameters, "_target_">,
  waiting: WaitingRequests,
  nowSeconds: number,
): Job[] {
  const jobs: Job[] = [];
  for (let index = 0; index < waiting.length; index++) {
    const request = waiting.at(index);
    const due = requests.arrivalSeconds[request] + deadline;
    if (due <= nowSeconds) continue;
    const seconds = secondsPerToken === null ? workSeconds(request) : secondsPerToken * tokens(request);
    jobs.push({ index, seconds, deadline: due - nowSeconds });
  }
  return jobs;
}

/** What to do when every deadline is lost. */
export function shortestOf({ tokens }: LocalOrderContext, waiting: WaitingRequests): number {
  let best = 0;
  for (let index = 1; index < waiting.length; index++) {
    if (tokens(waiting.at(index)) < tokens(waiting.at(best))) best = index;
  }
  return best;
}

export const mooreHodgson: LocalOrderDefinition = {
  targets: ["local_policies.MooreHodgson"],
  create: (context, parameters): LocalOrder => ({
    changesWithTime: true,
    next(waiting, nowSeconds) {
      const jobs = jobsOf(context, parameters as DeadlineParameters, waiting, nowSeconds);
      return onTimeJobs(jobs)[0]?.index ?? shortestOf(context, waiting);
    },
  }),
};
