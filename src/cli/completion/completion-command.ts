export function completionCommand(_words: readonly string[]): number {
  return 0;
}
