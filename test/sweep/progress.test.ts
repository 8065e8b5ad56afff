import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { createProgress, formatDuration } from "../../src/sweep/progress.ts";

function collect() {
  let text = "";
  const stream = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  return { stream, lines: () => text.trimEnd().split("\n"), text: () => text };
}

describe("progress in a log", () => {
  it("is a line at the start, after the first run, at every tenth, and at the end", () => {
    const { stream, lines } = collect();
    let milliseconds = 0;
    const progress = createProgress({ stream, bar: false, now: () => milliseconds });
    progress.start({ total: 40, done: 0, failed: 0, running: 1, requests: 10 });
    for (let done = 1; done <= 40; done++) {
      milliseconds += 500;
      progress.update({
        total: 40,
        done: done - (done > 10 ? 1 : 0),
        failed: done > 10 ? 1 : 0,
        running: 1,
        requests: 10,
      });
    }
    progress.stop();
    expect(lines()[0]).toBe("sweep: 40 runs");
    expect(lines()[1]).toBe("sweep: 1/40 runs, 2.0 runs/s, 20 requests/s, ETA 20 s");
    expect(lines()[4]).toBe("sweep: 12/40 runs, 1 failed, 2.0 runs/s, 1.7 requests/s, ETA 14 s");
    expect(lines().at(-1)).toBe("sweep: 40/40 runs, 1 failed, 2.0 runs/s, 0.50 requests/s, 20 s");
    expect(lines().length).toBe(12);
  });

  it("does not count runs of earlier sessions as speed", () => {
    const { stream, lines } = collect();
    let milliseconds = 0;
    const progress = createProgress({ stream, bar: false, now: () => milliseconds });
    progress.start({ total: 100, done: 90, failed: 0, running: 1, requests: 10 });
    milliseconds = 10_000;
    progress.update({ total: 100, done: 91, failed: 0, running: 1, requests: 10 });
    expect(lines()).toEqual([
      "sweep: 100 runs, 90 complete already",
      "sweep: 91/100 runs, 0.10 runs/s, 1.0 requests/s, ETA 1 min 30 s",
    ]);
  });

  it("of a sweep that is complete already is a line", () => {
    const { stream, lines } = collect();
    const progress = createProgress({ stream, bar: false });
    progress.start({ total: 2, done: 2, failed: 0, running: 1, requests: 10 });
    progress.stop();
    expect(lines()).toEqual(["sweep: 2 runs, 2 complete already"]);
  });
});

describe("progress on a terminal", () => {
  it("is a bar that ends at the total", () => {
    const { stream, text } = collect();
    Object.assign(stream, { isTTY: true, columns: 120, cursorTo() {}, clearLine() {}, moveCursor() {} });
    const progress = createProgress({ stream, bar: true });
    progress.start({ total: 2, done: 0, failed: 0, running: 1, requests: 10 });
    progress.update({ total: 2, done: 1, failed: 0, running: 1, requests: 10 });
    progress.update({ total: 2, done: 1, failed: 1, running: 1, requests: 10 });
    progress.stop();
    expect(text()).toContain("2/2 runs, 1 failed");
  });
});

describe("a duration", () => {
  it.each([
    [0.2, "1 s"],
    [59, "59 s"],
    [200, "3 min 20 s"],
    [18120, "5 h 2 min"],
  ])("of %d s reads %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});
