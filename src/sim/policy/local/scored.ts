/** Local orders that give each request a score. */
import type { EdfParameters } from "./local-order.schema.ts";
import { byScore, type LocalOrderDefinition } from "./local-order.ts";

/** First come, first served, by arrival at the router: an evicted request regains its place. */
export const fcfs: LocalOrderDefinition = {
  targets: ["local_policies.Fcfs"],
  create: ({ requests }) => byScore((request) => requests.arrivalSeconds[request]),
};

/** Fewest tokens first. */
export const shortest: LocalOrderDefinition = {
  targets: ["local_policies.Shortest"],
  create: ({ tokens }) => byScore(tokens),
};

/** Highest response ratio next: the longer a request has waited for the length of its work (Brinch Hansen 1971). */
export const hrrn: LocalOrderDefinition = {
  targets: ["local_policies.Hrrn"],
  create: ({ requests, workSeconds }) =>
    byScore((request, now) => -(now - requests.arrivalSeconds[request]) / workSeconds(request), {
      changesWithTime: true,
    }),
};

/** Earliest deadline first; longer prompts may be given longer. */
export const edf: LocalOrderDefinition = {
  targets: ["local_policies.Edf"],
  create: ({ requests }, parameters) => {
    const { deadline, deadline_per_token: perToken } = parameters as EdfParameters;
    return byScore(
      (request) => requests.arrivalSeconds[request] + deadline + perToken * requests.promptTokens[request],
    );
  },
};

/** Lowest `priority` of the trace first, then by arrival. */
export const priority: LocalOrderDefinition = {
  targets: ["local_policies.Priority"],
  create({ requests }) {
    const { priority: priorities } = requests.trace;
    return {
      next(waiting) {
        let best = 0;
        for (let index = 1; index < waiting.length; index++) {
          const [a, b] = [waiting.at(index), waiting.at(best)];
          const difference = (priorities?.[a] ?? 0) - (priorities?.[b] ?? 0);
          if (difference < 0 || (difference === 0 && requests.arrivalSeconds[a] < requests.arrivalSeconds[b])) {
            best = index;
          }
        }
        return best;
      },
    };
  },
};

/** Any, with equal probability. */
export const random: LocalOrderDefinition = {
  targets: ["local_policies.Random"],
  create: ({ choose }) => ({ changesWithTime: true, next: (waiting) => choose(waiting.length) }),
};
