// For tests: every small damage that a hand or a disk does to plain JSON, one at a time.

/** A damaged copy, and what was done to which field. */
export interface Mutation {
  readonly path: readonly (string | number)[];
  readonly what: string;
  readonly json: unknown;
}

type Path = readonly (string | number)[];

/** What takes the place of a leaf; those equal to it are left out. */
const VALUES: readonly unknown[] = [
  'much',
  '',
  'NaN',
  '../victim/x',
  -1,
  0,
  0.5,
  1e9 + 1,
  2 ** 53,
  1e300,
  1e-320,
  null,
  true,
  [],
  {},
  ['x'],
  { a: 1 },
];

/** Every leaf replaced by each wrong value, every field left out, every object with one field more. */
export function* mutations(json: unknown): Generator<Mutation, void> {
  for (const [path, value] of fields(json)) {
    const isTree = typeof value === 'object' && value !== null;
    for (const other of VALUES)
      if (JSON.stringify(other) !== JSON.stringify(value))
        yield { path, what: JSON.stringify(other), json: changed(json, path, () => other) };
    if (path.length > 0 && typeof path.at(-1) === 'string') yield { path, what: 'missing', json: changed(json, path, () => undefined) };
    if (isTree && !Array.isArray(value))
      yield { path: [...path, 'extra'], what: 'one more', json: changed(json, [...path, 'extra'], () => 1) };
  }
}

/** Every field of a tree with its path, the tree itself first. */
function* fields(json: unknown, path: Path = []): Generator<readonly [Path, unknown], void> {
  yield [path, json];
  if (typeof json !== 'object' || json === null) return;
  for (const [key, value] of Object.entries(json)) yield* fields(value, [...path, Array.isArray(json) ? Number(key) : key]);
}

function changed(json: unknown, [key, ...rest]: Path, change: () => unknown): unknown {
  if (key === undefined) return change();
  if (Array.isArray(json)) return json.map((item: unknown, at) => (at === key ? changed(item, rest, change) : item));
  const record = json as Readonly<Record<string, unknown>>;
  return { ...record, [key]: changed(record[key], rest, change) };
}
