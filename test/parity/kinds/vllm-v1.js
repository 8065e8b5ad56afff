// Passes and request metrics of vLLM's V1 scheduler.
import { Comparison, linearProfile, refusal, runEngine } from "./vllm-run.js";

function engineOf({ config }) {
  return {
    block_size: config.block_size,
    num_gpu_blocks: config.num_blocks,
    max_num_batched_tokens: config.max_num_batched_tokens,
    // Every running request takes a token of the budget, so a larger cap is never reached.
    max_num_seqs: Math.min(config.max_num_seqs, config.max_num_batched_tokens),
    max_model_len: config.max_model_len,
    enable_chunked_prefill: config.chunked ?? true,
    enable_prefix_caching: config.caching ?? true,
    scheduling_policy: config.policy ?? "fcfs",
    long_prefill_token_threshold: config.long_prefill_token_threshold ?? 0,
    watermark: config.watermark ?? 0,
    scheduler_reserve_full_isl: config.reserve_full_isl ?? true,
    over_length: "truncate",
  };
}

/** A request's first tokens are those of its group. */
function prefixBlocksOf(requests, blockTokens) {
  const groups = [...new Set(requests.flatMap(({ prefix }) => (prefix ? [prefix[0]] : [])))];
  const most = Math.max(0, ...requests.map(({ prompt }) => Math.ceil(prompt / blockTokens)));
  const rows = requests.map(({ prefix }) => {
    if (!prefix) return [];
    const first = groups.indexOf(prefix[0]) * most;
    return Array.from({ length: Math.floor(prefix[1] / blockTokens) }, (_, place) => first + place);
  });
  const offsets = new Int32Array(requests.length + 1);
  rows.forEach((ids, row) => {
    offsets[row + 1] = offsets[row] + ids.length;
  });
  return { blockTokens, offsets, ids: Int32Array.from(rows.flat()) };
}

function check(_path, _context, { input, output, tolerance = 0 }) {
  // Ids order equal priorities and arrivals; ours are rows.
  const requests = input.requests;
  const ids = requests.map(({ id }) => id);
  const { base, per_scheduled_token: perToken } = input.step_time;
  const run = () =>
    runEngine({
      overrides: ["engine=vllm_v1"],
      engine: engineOf(input),
      requests,
      profile: linearProfile(base, perToken),
      prefixBlocks: prefixBlocksOf(requests, input.config.block_size),
    });
  const wanted = output.new_tool_code ?? output.error_kind;
  if (wanted !== undefined) return refusal(run, wanted);
  const record = run();
  const found = new Comparison(tolerance);
  const passes = record.passLogs[0].rows;
  comparePasses(found, passes, output, requests);
  compareRequests(found, record, passes, output, ids);
  found.seconds("end_time", record.endSeconds, output.end_time);
  return found.lines;
}

function comparePasses(found, passes, { steps, totals_per_step: totals, preemptions_per_step: preemptions }, requests) {
  if (totals)
    found.exact(
      "totals_per_step",
      passes.map(({ totalTokens }) => totalTokens),
      totals,
    );
  if (preemptions)
    found.exact(
      "preemptions_per_step",
      passes.map(({ preempted }) => preempted.length),
      preemptions,
    );
  if (!steps) return;
  found.exact("number of steps", passes.length, steps.length);
  const ids = requests.map(({ id }) => id);
  const names = (rows) => rows.map((row) => ids[row]);
  steps.slice(0, passes.length).forEach((step, index) => {
    const pass = passes[index];
    const at = `step ${index}`;
    // The reference hears of arrivals when the next step starts.
    const hasArrived = (row) => requests[row].arrival <= pass.startSeconds;
    found.seconds(`${at} start`, pass.startSeconds, step.start);
    found.seconds(`${at} duration`, pass.durationSeconds, step.duration);
    found.exact(
      `${at} scheduled`,
      pass.requests.map((row, i) => [ids[row], pass.tokens[i]]),
      Object.entries(step.scheduled),
    );
    found.exact(`${at} preempted`, names(pass.preempted), step.preempted);
    found.exact(
      `${at} prefix_hits`,
      pass.prefixHits.map(([row, tokens]) => [ids[row], tokens]),
      Object.entries(step.prefix_hits),
    );
    found.exact(`${at} emitted`, names(pass.emitted), step.emitted);
    found.exact(`${at} finished`, names(pass.finished), step.finished);
    found.exact(`${at} running_after`, names(pass.running), step.running_after);
    found.exact(`${at} waiting_after`, names(pass.waiting.filter(hasArrived)), step.waiting_after);
    found.exact(`${at} free_blocks_after`, pass.freeBlocks, step.free_blocks_after);
  });
}

function compareRequests(found, { trace, outcomes }, passes, { requests }, ids) {
  ids.forEach((id, row) => {
    const expected = requests[id];
    const arrival = trace.arrivalSeconds[row];
    const firstToken = outcomes.prefillEndSeconds[row];
    const end = outcomes.completionSeconds[row];
    const outputs = passes.filter(({ emitted }) => emitted.includes(row)).length;
    found.seconds(`${id} ttft`, firstToken - arrival, expected.ttft);
    found.seconds(`${id} e2e`, end - arrival, expected.e2e);
    found.seconds(`${id} queue_time`, outcomes.prefillStartSeconds[row] - arrival, expected.queue_time);
    found.seconds(`${id} tpot`, outputs > 1 ? (end - firstToken) / (outputs - 1) : null, expected.tpot);
    found.exact(`${id} cached_tokens`, outcomes.cachedPromptTokens?.[row] ?? 0, expected.cached_tokens);
    found.exact(`${id} preemptions`, outcomes.preemptions[row], expected.preemptions);
  });
}

export const vllmV1 = {
  name: "vLLM V1",
  matches: (_path, content) => content?.kind === "vllm-v1",
  check: async (path, context, content) => check(path, context, content),
};
