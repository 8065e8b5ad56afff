// Passes and request metrics of VllmSimulator, in its own mode.
import { Comparison, refusal, runEngine } from "./vllm-run.js";

function check({ input, output, tolerance = 0 }) {
  const { profile, in_tokens: prompts, out_tokens: outputs, queries_per_iter: queries } = input;
  const count = Math.max(prompts.length, outputs.length);
  const ids = Array.from({ length: count }, (_, row) => input.query_ids?.[row] ?? String(row));
  const run = () =>
    runEngine({
      overrides: ["compat=vllm_simulator"],
      engine: {
        block_size: profile.block_size,
        num_gpu_blocks: profile.num_gpu_blocks,
        num_watermark_blocks: profile.num_watermark_blocks,
        max_num_batched_tokens: profile.max_num_batched_tokens,
        max_model_len: profile.max_model_len,
        arrivals: "pass",
        queries_per_pass: queries,
      },
      requests: ids.map((_, row) => ({ prompt: prompts[row] ?? 0, out: outputs[row] ?? 0 })),
      profile,
    });
  if (output.legacy_error_kind !== undefined || output.new_tool_code !== undefined) {
    return refusal(run, output.new_tool_code ?? "E_STUCK");
  }
  const record = run();
  const found = new Comparison(tolerance);
  const passes = record.passLogs[0].rows;
  comparePasses(found, passes, output, ids);
  ids.forEach((id, row) => {
    compareRequest(found, id, row, record, passes, output.requests[id]);
  });
  found.seconds("end_time", record.endSeconds, output.end_time);
  found.exact("num_passes", passes.length, output.num_passes);
  found.exact(
    "sum_tokens",
    passes.reduce((sum, { totalTokens }) => sum + totalTokens, 0),
    output.sum_tokens,
  );
  return found.lines;
}

function comparePasses(
  found,
  passes,
  { passes: expected, totals_per_pass: totals, preemptions_per_pass: preemptions },
  ids,
) {
  if (totals)
    found.exact(
      "totals_per_pass",
      passes.map(({ totalTokens }) => totalTokens),
      totals,
    );
  if (preemptions)
    found.exact(
      "preemptions_per_pass",
      passes.map(({ preempted }) => preempted.length),
      preemptions,
    );
  const names = (rows) => rows.map((row) => ids[row]);
  // Digits as keys lose their order in a JSON object, so requests are compared sorted.
  const sorted = (pairs) => pairs.sort(([a], [b]) => (a < b ? -1 : 1));
  (expected ?? []).slice(0, passes.length).forEach((want, index) => {
    const pass = passes[index];
    const at = `pass ${index}`;
    found.seconds(`${at} start`, pass.startSeconds, want.start);
    found.seconds(`${at} duration`, pass.durationSeconds, want.duration);
    found.exact(
      `${at} tokens`,
      sorted(pass.requests.map((row, i) => [ids[row], pass.tokens[i]])),
      sorted(Object.entries(want.tokens)),
    );
    found.exact(`${at} total`, pass.totalTokens, want.total);
    found.exact(`${at} uses_cuda_graph_profile`, !pass.hasPrefill, want.uses_cuda_graph_profile);
    found.exact(`${at} preempted`, names(pass.preempted), want.preempted);
    found.exact(`${at} free_blocks_after`, pass.freeBlocks, want.free_blocks_after);
    found.exact(`${at} waiting_after`, names(pass.waiting), want.waiting_after);
    found.exact(`${at} running_after`, names(pass.running), want.running_after);
  });
}

function compareRequest(found, id, row, { trace, outcomes }, passes, expected) {
  const arrival = trace.arrivalSeconds[row];
  const firstScheduled = outcomes.prefillStartSeconds[row];
  const firstToken = outcomes.prefillEndSeconds[row];
  const finished = outcomes.completionSeconds[row];
  found.exact(`${id} in_tokens`, trace.promptTokens[row], expected.in_tokens);
  found.exact(`${id} out_tokens`, trace.outputTokens[row], expected.out_tokens);
  found.seconds(`${id} arrival_time`, arrival, expected.arrival_time);
  found.seconds(`${id} first_scheduled_time`, firstScheduled, expected.first_scheduled_time);
  found.seconds(`${id} time_in_queue`, firstScheduled - arrival, expected.time_in_queue);
  found.seconds(`${id} first_token_time`, firstToken, expected.first_token_time);
  found.seconds(`${id} finished_time`, finished, expected.finished_time);
  found.seconds(`${id} ttft`, firstToken - arrival, expected.ttft);
  found.seconds(`${id} tgt`, finished - arrival, expected.tgt);
  found.exact(`${id} preemptions`, outcomes.preemptions[row], expected.preemptions);
  compareSpans(found, id, spansOf(row, arrival, passes), expected);
}

/** Seconds from the end of each of a request's passes back to the one before, or to its arrival: waits are part of them. */
function spansOf(row, arrival, passes) {
  let last = arrival;
  return passes
    .filter(({ requests }) => requests.includes(row))
    .map(({ startSeconds, durationSeconds }) => {
      const span = startSeconds + durationSeconds - last;
      last = startSeconds + durationSeconds;
      return span;
    });
}

function compareSpans(found, id, spans, { forward_passes: expected, num_forward_passes: count = expected?.length }) {
  found.exact(`${id} number of forward_passes`, spans.length, count);
  (expected ?? []).forEach((span, index) => {
    found.seconds(`${id} forward_passes ${index}`, spans[index], span);
  });
}

export const vllmV0 = {
  name: "VllmSimulator",
  matches: (_path, content) => content?.kind === "vllmsimulator-legacy",
  check: async (_path, _context, content) => check(content),
};
