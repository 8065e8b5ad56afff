import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createInliningDecision } from "../../src/sweep/launchers/inlining.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("new workers are worth it once, when runs as the last ones will take each worker 20 s more", () => {
  const isWorth = createInliningDecision(2);
  vi.advanceTimersByTime(2000);
  expect(isWorth(10, 1, 399)).toBe(false);
  expect(isWorth(10, 1, 400)).toBe(true);
  expect(isWorth(10, 1, 400)).toBe(false);
});

test("the first second says nothing", () => {
  const isWorth = createInliningDecision(1);
  vi.advanceTimersByTime(900);
  expect(isWorth(1, 0.9, 1000)).toBe(false);
  vi.advanceTimersByTime(100);
  expect(isWorth(1, 0.9, 1000)).toBe(true);
});
