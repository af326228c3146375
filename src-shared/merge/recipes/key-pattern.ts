// Keys of a recipe against names of a file. `rbr_conv.{i}.conv.weight` stands below a prefix and captures an index;
// `{prefix}` places the prefix elsewhere than in front. Globs (`se.*`) are matched whole, `*` standing for any characters.

/** Values of the indexes captured in one name, by index name. */
export type Indexes = Readonly<Record<string, number>>;

/** One name that fits a key. */
export interface KeyMatch {
  readonly prefix: string;
  readonly indexes: Indexes;
}

/** Names of the indexes in a key. */
export function indexNames(key: string): string[] {
  return [...key.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).filter((name) => name !== 'prefix');
}

/** The whole name of a key below a prefix, indexes filled in. */
export function nameAt(key: string, prefix: string, indexes: Indexes = {}): string {
  const filled = key.replace(/\{(\w+)\}/g, (whole, name: string) => (name === 'prefix' ? whole : String(indexes[name] ?? whole)));
  if (filled.includes('{prefix}')) return filled.replace('{prefix}', prefix).replace(/^\./, '');
  return prefix === '' ? filled : filled === '' ? prefix : `${prefix}.${filled}`;
}

/** What every name of a key below a prefix begins with: up to its first index. */
export function fixedStart(key: string, prefix: string): string {
  return nameAt(key.replace(/\{(?!prefix\})\w+\}.*$/, ''), prefix);
}

/** What every text that fits a glob begins with. */
export function globStart(glob: string): string {
  return glob.split('*')[0];
}

/** Finds the prefix and indexes of names that fit a key. */
export function keyMatcher(key: string): (name: string) => KeyMatch | null {
  const names: string[] = [];
  const place = (text: string): string =>
    escaped(text).replace(/\\\{(\w+)\\\}/g, (_, name: string) => {
      if (name === 'prefix') return '(?<prefix>.+)';
      names.push(name);
      return `(?<${name}>\\d+)`;
    });
  const body = place(key);
  const pattern = new RegExp(key.includes('{prefix}') ? `^${body}$` : `^(?:(?<prefix>.+)\\.)?${body}$`);
  const tail = key.slice(key.lastIndexOf('}') + 1);
  return (name) => {
    // Most names fail here already, without a regular expression.
    if (!name.endsWith(tail)) return null;
    const groups = pattern.exec(name)?.groups;
    if (!groups) return null;
    return { prefix: groups.prefix ?? '', indexes: Object.fromEntries(names.map((index) => [index, Number(groups[index])])) };
  };
}

/** Whether a whole text fits a glob. */
export function globMatcher(glob: string): (text: string) => boolean {
  const pattern = new RegExp(`^${glob.split('*').map(escaped).join('.*')}$`);
  return (text) => pattern.test(text);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&');
}

/** Two indexings as one comparable text. */
export function indexText(indexes: Indexes): string {
  return Object.entries(indexes)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(',');
}
