/** Nearest names, for "did you mean". */

/**
 * Candidates close to `name`, nearest first: at most a third of the letters may differ (one in short names),
 * and a candidate that merely differs in case or separators always counts, as does one that the name begins, or whose
 * first word is the name's (`prompt_tokens` for `prompt_size`).
 */
export function suggest(name: string, candidates: Iterable<string>, limit = 3): string[] {
  const allowed = Math.max(1, Math.floor(name.length / 3));
  const found: { candidate: string; distance: number }[] = [];
  const seen = new Set<string>();
  for (const candidate of candidates) {
    if (candidate === name || seen.has(candidate)) continue;
    seen.add(candidate);
    const distance = fold(candidate) === fold(name) ? 0 : nearness(name, candidate, allowed);
    if (distance <= allowed) found.push({ candidate, distance });
  }
  found.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  return found.slice(0, limit).map((entry) => entry.candidate);
}

/** "Did you mean 'a', or 'b'?", or undefined when nothing is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const near = suggest(name, candidates);
  return near.length === 0 ? undefined : `Did you mean ${near.map((entry) => `'${entry}'`).join(" or ")}?`;
}

/** Edit distance with swaps of neighbours (optimal string alignment); `limit + 1` when it is larger than `limit`. */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(previous[j]! + 1, current[j - 1]! + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, beforePrevious[j - 2]! + 1);
      }
      current.push(cost);
      if (cost < best) best = cost;
    }
    if (best > limit) return limit + 1;
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length]!;
}

/** Letters that a beginning must have to stand for the whole. */
const BEGINNING_LETTERS = 3;

function nearness(name: string, candidate: string, allowed: number): number {
  const distance = editDistance(name, candidate, allowed);
  const isBeginning = name.length >= BEGINNING_LETTERS && fold(candidate).startsWith(fold(name));
  return isBeginning || firstWord(name) === firstWord(candidate) ? Math.min(distance, allowed) : distance;
}

/** Of a name of several words; otherwise the name itself. */
function firstWord(name: string): string {
  return name.toLowerCase().split(/[-_. ]/)[0] ?? "";
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, "");
}
