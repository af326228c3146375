// What is different between two runs' configurations, setting by setting.

/** A setting that is not the same: its dotted path and both values as JSON; `–` where one has none. */
export interface Difference {
  readonly path: string;
  readonly a: string;
  readonly b: string;
}

/** The settings that are not the same in both trees of plain JSON. */
export function configDifference(a: unknown, b: unknown, path = ''): Difference[] {
  if (isTree(a) && isTree(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap((key) => configDifference(a[key], b[key], path === '' ? key : `${path}.${key}`));
  }
  const [x, y] = [JSON.stringify(a) ?? '–', JSON.stringify(b) ?? '–'];
  return x === y ? [] : [{ path, a: x, b: y }];
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
