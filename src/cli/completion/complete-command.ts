export function completeCommand(_words: readonly string[]): number {
  return 0;
}
