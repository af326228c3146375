// Styles of an SVG's elements: presentation attributes, style sheets inside the file, style attributes, in rising order; inherited
// as CSS says. Selectors read are those that drawing programs write: a tag, a class, an id, and lists of them.
import type { Element } from '@xmldom/xmldom';
import { UserError } from '../../base/user-error';

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

/** The rules and the families of embedded fonts of style sheets. Throws UserError for a selector of what matters here that is not read. */
export function rulesOf(css: string, where: string): { readonly rules: Rule[]; readonly embedded: Set<string> } {
  const [rules, embedded]: [Rule[], Set<string>] = [[], new Set()];
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, '');
  for (const [, selectors, body] of plain.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (selectors.trim() === '@font-face') {
      const family = /font-family\s*:\s*([^;]+)/.exec(body)?.[1];
      if (family && /src\s*:[^;]*url\(\s*['"]?data:/.test(body)) embedded.add(familyName(family));
      continue;
    }
    const style = declarationsOf(body);
    if (Object.keys(style).length === 0) continue;
    for (const selector of selectors.split(',').map((one) => one.trim())) {
      // What a pointer does to a drawing is not printed.
      if (/:(hover|active|focus|visited|link)\b/.test(selector)) continue;
      if (!READ.test(selector))
        throw new UserError(
          `${where}: the style sheet's selector "${selector.slice(0, 60)}" is not read here, and what it sets would be missed; write the styles on the elements`,
        );
      rules.push({ selector: selector.replace(/^svg\|/, ''), style });
    }
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

/** Selectors that are read: tags, classes and ids, one within another. */
const READ = /^(?:(?:svg\|)?(?:\*|[a-zA-Z][\w-]*)?(?:[#.][\w-]+)*|:root)(?:\s*[\s>]\s*(?:svg\|)?(?:\*|[a-zA-Z][\w-]*)?(?:[#.][\w-]+)*)*$/;

/** Whether the last part of a selector is the element, and those before it are its ancestors in their order. */
function isMatch(element: Element, selector: string): boolean {
  const parts = selector
    .replace(/\s*>\s*/g, ' > ')
    .trim()
    .split(/\s+/);
  const last = parts.pop() ?? '';
  if (!isSimpleMatch(element, last)) return false;
  if (parts.length === 0) return true;
  const isChild = parts[parts.length - 1] === '>';
  const rest = (isChild ? parts.slice(0, -1) : parts).join(' ');
  for (let at = parentOf(element); at !== null; at = isChild ? null : parentOf(at)) if (isMatch(at, rest)) return true;
  return false;
}

function parentOf({ parentNode }: Element): Element | null {
  return parentNode?.nodeType === 1 ? (parentNode as Element) : null;
}

function isSimpleMatch(element: Element, selector: string): boolean {
  if (selector === ':root') return parentOf(element) === null;
  const tag = /^[a-zA-Z][\w-]*/.exec(selector)?.[0] ?? '';
  const named = [...selector.matchAll(/([#.])([\w-]+)/g)];
  if (tag === '' && named.length === 0) return selector === '*';
  const own = (element.getAttribute('class') ?? '').split(/\s+/);
  const hasAll = named.every(([, mark, name]) => (mark === '.' ? own.includes(name) : element.getAttribute('id') === name));
  return (tag === '' || element.localName === tag) && hasAll;
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
