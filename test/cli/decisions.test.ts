import { describe, expect, test } from "vitest";
import { sweep, workingDirectory } from "./command.ts";

describe("a policy for a decision that nobody asks for is refused, with what would ask", () => {
  test.each([
    ["prefill_global=random scheduler=token_jsq", /Choose scheduler=disaggregated as well, which brings it/],
    ["decode_local=shortest engine=vllm_v1", /Choose engine=disaggregated as well, which brings it/],
    ["+prefill_global=random", /The scheduler token_jsq decides by itself: it has no use for prefill_global/],
    ["+prefill_local=hrrn", /The engine orders its requests by itself: it has no use for prefill_local/],
  ])("%s", async (words, message) => {
    const { status, stderr } = await sweep(workingDirectory(), ...words.split(" "), "trace.requests=5");
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  test.each(["jsq", "mixed_pool"])(
    "disaggregated instances refuse what the scheduler %s would have them do",
    async (scheduler) => {
      const words = [
        "engine=disaggregated",
        "start_state=splitwise",
        `scheduler=${scheduler}`,
        "trace.requests=50",
        "trace.rate=50",
      ];
      const { status, stderr } = await sweep(workingDirectory(), ...words);
      expect(stderr).toMatch(/The scheduler wants instance .* which it never does/);
      expect(status).toBe(2);
    },
  );

  test("disaggregated instances need pools of both kinds", async () => {
    const { status, stderr } = await sweep(workingDirectory(), "scheduler=disaggregated", "engine=disaggregated");
    expect(stderr).toContain("start_state=splitwise");
    expect(status).toBe(2);
  });
});
