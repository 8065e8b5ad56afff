import { describe, expect, it, vi } from "vitest";
import { GroupCommit } from "../../src/sweep/packs/group-commit.ts";

function commits(options: { largestGroup?: number; commit?: (rows: readonly number[]) => void } = {}) {
  const groups: number[][] = [];
  const group = new GroupCommit<number>({
    commit: (rows) => void groups.push([...rows]),
    largestGroup: 3,
    longestWaitMilliseconds: 100,
    ...options,
  });
  return { group, groups };
}

describe("a group commit", () => {
  it("commits the first row at once, and then as many together as come within the wait", () => {
    vi.useFakeTimers();
    try {
      const { group, groups } = commits();
      for (const row of [1, 2, 3]) group.add(row);
      expect(groups).toEqual([[1]]);
      vi.advanceTimersByTime(100);
      expect(groups).toEqual([[1], [2, 3]]);
      vi.advanceTimersByTime(100);
      group.add(4);
      expect(groups).toEqual([[1], [2, 3], [4]]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("commits a full group without waiting, and the rest when it is flushed", () => {
    const { group, groups } = commits();
    for (const row of [1, 2, 3, 4, 5]) group.add(row);
    group.flush();
    expect(groups).toEqual([[1], [2, 3, 4], [5]]);
  });

  it("passes the failure of a late commit on to the next call", () => {
    vi.useFakeTimers();
    try {
      const { group } = commits({
        commit: ([row]) => {
          if (row === 2) throw new Error("no space");
        },
      });
      group.add(1);
      group.add(2);
      vi.advanceTimersByTime(100);
      expect(() => group.add(3)).toThrow("no space");
      expect(() => group.flush()).toThrow("no space");
    } finally {
      vi.useRealTimers();
    }
  });
});
