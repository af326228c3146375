// Which known name a mistyped one is nearest to, for error messages.

/** The `count` names nearest to `name` by edit distance, nearest first. */
export function nearestNames(name: string, known: readonly string[], count: number): string[] {
  return known
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** `did you mean "groups"? Known: C, O, groups`; the question only where at most half of the letters differ. */
export function suggestionText(name: string, known: readonly string[]): string {
  const [nearest] = nearestNames(name, known, 1);
  const near = nearest !== undefined && editDistance(name.toLowerCase(), nearest.toLowerCase()) <= Math.max(1, name.length / 2);
  return near ? `did you mean "${nearest}"? Known: ${known.join(', ')}` : `known: ${known.join(', ')}`;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}
