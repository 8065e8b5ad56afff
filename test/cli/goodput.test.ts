import { describe, expect, test } from "vitest";
import { sweep, workingDirectory } from "./command.ts";

describe("sweep goodput", () => {
  test("finds a rate within the range for each configuration, and marks the best", async () => {
    const { status, stdout } = await sweep(
      workingDirectory(),
      "goodput",
      "cluster=solo_h100",
      "scheduler=jsq,token_jsq",
      "trace.requests=200",
      "--targets",
      "ttft_p90<1",
      "--max",
      "2",
    );
    expect(status).toBe(0);
    expect(stdout.split("\n")[1]).toMatch(/scheduler +processors +per processor +in all/);
    expect(stdout.match(/best/g)).toHaveLength(1);
  });

  test("refuses prompts that no prefill batch holds, before the search", async () => {
    const { status, stderr } = await sweep(
      workingDirectory(),
      "goodput",
      "compat=distserve",
      "engine.prefill_batch_tokens=10",
      "trace.requests=5",
    );
    expect(status).toBe(2);
    expect(stderr).toMatch(/longer than a prefill batch of 10 tokens/);
  });
});
