// Names that a JSON text gives twice in one object. JSON.parse takes the last one in silence, other readers the first: a file that
// two programs read differently is refused. Invariant: the text is JSON already; what is scanned is its structure alone.

/** The first name that stands twice in one object of a valid JSON text, or null. */
export function duplicateKey(json: string): string | null {
  /** Names so far of every open object; null for an open list. */
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(null);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfText(json, at);
      const names = open[open.length - 1];
      if (names && isName(json, end)) {
        const name = JSON.parse(json.slice(at, end)) as string;
        if (names.has(name)) return name;
        names.add(name);
      }
      at = end - 1;
    }
  }
  return null;
}

/** Position behind the closing quote of the text that begins at `start`. */
function endOfText(json: string, start: number): number {
  for (let at = start + 1; ; at++) {
    if (json[at] === '\\') at++;
    else if (json[at] === '"') return at + 1;
  }
}

/** Whether the text that ends before `at` is the name of a value. */
function isName(json: string, at: number): boolean {
  while (/\s/.test(json[at] ?? '')) at++;
  return json[at] === ':';
}
