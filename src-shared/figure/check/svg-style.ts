// Styles of an SVG's elements: presentation attributes, style sheets inside the file, style attributes, in rising order; inherited
// as CSS says. Selectors read are those that drawing programs write: a tag, a class, an id, and lists of them.
import type { Element } from '@xmldom/xmldom';

/** Properties that matter here; all but `display` and `opacity` are inherited. */
const PROPERTIES = [
  'fill',
  'stroke',
  'stroke-width',
  'font-size',
  'font-family',
  'font-weight',
  'text-anchor',
  'display',
  'visibility',
  'opacity',
  'color',
  'font',
] as const;
type Property = (typeof PROPERTIES)[number];
export type Style = Readonly<Partial<Record<Property, string>>>;
const OWN: readonly Property[] = ['display', 'opacity'];

export interface Rule {
  readonly selector: string;
  readonly style: Style;
}

/** The rules and the families of embedded fonts of style sheets. */
export function rulesOf(css: string): { readonly rules: Rule[]; readonly embedded: Set<string> } {
  const [rules, embedded]: [Rule[], Set<string>] = [[], new Set()];
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, '');
  for (const [, selectors, body] of plain.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (selectors.trim() === '@font-face') {
      const family = /font-family\s*:\s*([^;]+)/.exec(body)?.[1];
      if (family && /src\s*:[^;]*url\(\s*['"]?data:/.test(body)) embedded.add(familyName(family));
      continue;
    }
    for (const selector of selectors.split(',')) rules.push({ selector: selector.trim(), style: declarationsOf(body) });
  }
  return { rules, embedded };
}

function declarationsOf(text: string): Style {
  const found = text.split(';').flatMap((part) => {
    const at = part.indexOf(':');
    const [name, value] = [
      part.slice(0, at).trim(),
      part
        .slice(at + 1)
        .replace('!important', '')
        .trim(),
    ];
    return at > 0 && (PROPERTIES as readonly string[]).includes(name) ? [[name, value] as const] : [];
  });
  const style: Partial<Record<Property, string>> = Object.fromEntries(found);
  return expanded(style);
}

/** The shorthand `font: [weight] SIZE[/LINE] FAMILY` as its parts. */
function expanded(style: Style): Style {
  if (style.font === undefined) return style;
  const found = /(?:^|\s)([\d.]+[a-z%]*)(?:\s*\/\s*[\d.]+[a-z%]*)?\s+(.+)$/.exec(style.font);
  return found ? { 'font-size': found[1], 'font-family': found[2], ...style } : style;
}

/** The style of an element inside one of style `parent`. */
export function styleOf(element: Element, parent: Style, rules: readonly Rule[]): Style {
  const inherited = Object.fromEntries(Object.entries(parent).filter(([name]) => !(OWN as readonly string[]).includes(name)));
  const attributes = PROPERTIES.flatMap((name) => (element.hasAttribute(name) ? [[name, element.getAttribute(name) ?? ''] as const] : []));
  const matched = rules.filter(({ selector }) => isMatch(element, selector)).map(({ style }) => style);
  const merged: Style = Object.assign(
    {},
    inherited,
    expanded(Object.fromEntries(attributes)),
    ...matched,
    declarationsOf(element.getAttribute('style') ?? ''),
  );
  const relative = /^([\d.]+)(em|%)$/.exec(merged['font-size'] ?? '');
  if (!relative) return merged;
  const factor = Number(relative[1]) / (relative[2] === '%' ? 100 : 1);
  return { ...merged, 'font-size': String(factor * lengthOf(parent['font-size'] ?? '16')) };
}

function isMatch(element: Element, selector: string): boolean {
  if (selector === '*') return true;
  const [, tag, id, classes] = /^([a-zA-Z]*)(#[\w-]+)?((?:\.[\w-]+)*)$/.exec(selector) ?? [];
  if (tag === undefined || (tag === '' && !id && !classes)) return false;
  const own = (element.getAttribute('class') ?? '').split(/\s+/);
  const hasAll = (classes ?? '')
    .split('.')
    .filter(Boolean)
    .every((name) => own.includes(name));
  return (tag === '' || element.localName === tag) && (!id || element.getAttribute('id') === id.slice(1)) && hasAll;
}

/** The first family of a list, without its quotes. */
export function familyName(families: string): string {
  return families
    .split(',')[0]
    .trim()
    .replace(/^['"]|['"]$/g, '');
}

const UNITS: Readonly<Record<string, number>> = { '': 1, px: 1, pt: 96 / 72, pc: 16, mm: 96 / 25.4, cm: 96 / 2.54, in: 96, Q: 96 / 101.6 };

/** A length in user units (CSS pixels); NaN for what is none. */
export function lengthOf(text: string): number {
  const found = /^\s*([+-]?[\d.]+(?:e[+-]?\d+)?)\s*([a-zA-Z]*)\s*$/i.exec(text);
  return found ? Number(found[1]) * (UNITS[found[2]] ?? Number.NaN) : Number.NaN;
}
