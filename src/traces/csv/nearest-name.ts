/**
 * The candidate most like `name`, if it is like it at all: Dice's coefficient of their letter pairs, and a bonus for the
 * same beginning.
 */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestSimilarity = 0.5;
  for (const candidate of candidates) {
    const bonus = candidate.slice(0, 3).toLowerCase() === name.slice(0, 3).toLowerCase() ? 0.2 : 0;
    const similarity = diceCoefficient(letterPairs(name), letterPairs(candidate)) + bonus;
    if (similarity > bestSimilarity) {
      best = candidate;
      bestSimilarity = similarity;
    }
  }
  return best;
}

function letterPairs(name: string): Set<string> {
  const letters = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return new Set(Array.from({ length: Math.max(0, letters.length - 1) }, (_, i) => letters.slice(i, i + 2)));
}

function diceCoefficient(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const pair of a) if (b.has(pair)) shared++;
  return a.size + b.size === 0 ? 0 : (2 * shared) / (a.size + b.size);
}
