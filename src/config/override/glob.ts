/** Shell patterns over option names: `*`, `?`, `[abc]`, `[!abc]`, matched as Python's fnmatch matches them. */
import type { GlobSweep } from "./value.ts";

/** Names that match an include pattern and no exclude pattern, in the order given. */
export function filterByGlob(names: readonly string[], sweep: GlobSweep): string[] {
  return names.filter(
    (name) => sweep.include.some((p) => globMatches(p, name)) && !sweep.exclude.some((p) => globMatches(p, name)),
  );
}

/** Linear in pattern length x name length, whatever the pattern. */
export function globMatches(pattern: string, name: string): boolean {
  const tokens = tokenize(pattern);
  let reachable = new Set([0]);
  for (const char of name) {
    const next = new Set<number>();
    for (const state of closure(reachable, tokens)) {
      const token = tokens[state];
      if (token === undefined) continue;
      if (token === "*") next.add(state);
      else if (token.matches(char)) next.add(state + 1);
    }
    reachable = next;
  }
  return closure(reachable, tokens).has(tokens.length);
}

type Token = "*" | { readonly matches: (char: string) => boolean };

function closure(states: ReadonlySet<number>, tokens: readonly Token[]): Set<number> {
  const all = new Set(states);
  for (const state of all) if (tokens[state] === "*") all.add(state + 1);
  return all;
}

function tokenize(pattern: string): Token[] {
  const tokens: Token[] = [];
  const chars = [...pattern];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i]!;
    if (char === "*") {
      tokens.push("*");
    } else if (char === "?") {
      tokens.push({ matches: () => true });
    } else {
      const end = char === "[" ? classEnd(chars, i) : -1;
      if (end < 0) {
        tokens.push({ matches: (other) => other === char });
      } else {
        tokens.push({ matches: classMatcher(chars.slice(i + 1, end)) });
        i = end;
      }
    }
  }
  return tokens;
}

/** Index of the `]` that closes the class opened at `start`, or -1; a `]` in first place is a member. */
function classEnd(chars: readonly string[], start: number): number {
  let i = start + 1;
  if (chars[i] === "!") i++;
  if (chars[i] === "]") i++;
  return chars.indexOf("]", i);
}

function classMatcher(content: readonly string[]): (char: string) => boolean {
  const negated = content[0] === "!";
  const members = negated ? content.slice(1) : content;
  const singles = new Set<string>();
  const ranges: [string, string][] = [];
  for (let i = 0; i < members.length; i++) {
    if (members[i + 1] === "-" && i + 2 < members.length) {
      ranges.push([members[i]!, members[i + 2]!]);
      i += 2;
    } else {
      singles.add(members[i]!);
    }
  }
  return (char) => (singles.has(char) || ranges.some(([low, high]) => low <= char && char <= high)) !== negated;
}
