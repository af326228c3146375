// A diagram's boxes on paper, top to bottom with arrows between; branches stand side by side where each has room for its longest
// word, else below each other. Invariant: words stand in their own box, boxes in the room they are given.
import { assertNever } from '../../base/assert-never';
import { largestOf } from '../../base/extremes';
import { FAINT_INK, INK, line, textAt, type Mark, type RectMark } from '../page/display-list';
import { longestWord, textWidth } from '../page/font-metrics';
import { paragraph, shortCount, type Page, type Placed } from '../page/layout';
import type { Flow } from './block-flow';
import { mapText } from './describe';
import { insideOf, opens } from './scene';
import { blockCount, type DiagramNode } from './tree';

/** A box, or branches that leave one point and come together in another. */
export type Piece = BoxPiece | ForkPiece;

interface BoxPiece {
  readonly kind: 'box';
  readonly name: string;
  readonly text: string;
  /** What it costs and gives, said at its end. */
  readonly facts: readonly string[];
  readonly isBlock: boolean;
  readonly inside: readonly Piece[];
}

interface ForkPiece {
  readonly kind: 'fork';
  readonly join: string;
  readonly says: string;
  readonly branches: readonly { readonly label: string; readonly inside: readonly Piece[] }[];
}

/** The pieces that are seen of a network. */
export function piecesOf(nodes: readonly DiagramNode[], isOpen: (node: DiagramNode) => boolean): Piece[] {
  return nodes.map((node) => ({
    kind: 'box',
    name: node.name || (node.layer?.kind ?? ''),
    text: textOf(node),
    facts: [
      ...(node.params > 0 ? [`${shortCount(node.params)} params`] : []),
      ...(node.macs > 0 ? [`${shortCount(node.macs)} MACs`] : []),
      ...(node.output ? [mapText(node.output)] : []),
    ].map((fact) => fact.replaceAll(' ', KEPT_SPACE)),
    isBlock: node.isBlock,
    inside: opens(node) && isOpen(node) ? insidePieces(node, isOpen) : [],
  }));
}

/** Lines break between facts, not within one. */
const KEPT_SPACE = '\u00a0';

function textOf(node: DiagramNode): string {
  const blocks = node.isBlock ? 0 : blockCount(node);
  return blocks > 0 ? `${node.text}, ${blocks} RepMLP` : node.text;
}

function insidePieces(node: DiagramNode, isOpen: (node: DiagramNode) => boolean): Piece[] {
  const inside = insideOf(node);
  switch (inside.kind) {
    case 'flow':
      return flowPieces(inside.flow);
    case 'fork': {
      const branches = inside.branches.map(({ label, nodes }) => ({ label, inside: piecesOf(nodes, isOpen) }));
      return [{ kind: 'fork', join: inside.join, says: '', branches }];
    }
    case 'rows':
      return inside.branches.flatMap(({ nodes }) => piecesOf(nodes, isOpen));
    default:
      return assertNever(inside);
  }
}

function flowPieces(flow: readonly Flow[]): Piece[] {
  return flow.map((part) =>
    part.kind === 'step'
      ? { kind: 'box', name: '', text: part.text, facts: [], isBlock: false, inside: [] }
      : { ...part, branches: part.branches.map(({ label, flow: inside }) => ({ label, inside: flowPieces(inside) })) },
  );
}

/** Room for pieces. */
interface Room {
  readonly x: number;
  readonly width: number;
}

/** Stroke and ground of boxes: RepMLP blocks are marked. */
const PLAIN = { stroke: '#767676', fill: '#ffffff' } as const;
const REP = { stroke: '#005a96', fill: '#eaf3fb' } as const;

const padding = ({ small }: Page): number => small * 0.5;
const step = ({ small }: Page): number => small * 0.9;

/** Draws pieces one after the other with arrows between. */
export function placed(page: Page, top: number, pieces: readonly Piece[], room: Room): Placed {
  const marks: Mark[] = [];
  let at = top;
  pieces.forEach((piece, i) => {
    if (i > 0) {
      marks.push(...arrow(room.x + room.width / 2, at, at + step(page)));
      at += step(page);
    }
    const one = piece.kind === 'box' ? box(page, at, piece, room) : fork(page, at, piece, room);
    marks.push(...one.marks);
    at = one.bottom;
  });
  return { marks, bottom: at };
}

function box(page: Page, top: number, piece: BoxPiece, { x, width }: Room): Placed {
  const pad = padding(page);
  const inner = { x: x + pad, width: width - 2 * pad };
  const head = heading(page, top + pad * 0.4, piece, inner);
  const content =
    piece.inside.length === 0 ? { marks: [], bottom: head.bottom } : placed(page, head.bottom + pad * 0.6, piece.inside, inner);
  const bottom = content.bottom + pad * (piece.inside.length === 0 ? 0.3 : 0.8);
  const { stroke, fill } = piece.isBlock ? REP : PLAIN;
  const ground: RectMark = { kind: 'rect', x, y: top, width, height: bottom - top, fill, stroke, strokeWidth: 0.6, dash: [] };
  return { marks: [ground, ...head.marks, ...content.marks], bottom };
}

/** Widths of a box's columns, as shares: its name, what it is, what it costs. */
const COLUMNS = [0.2, 0.42, 0.38] as const;

/** A box's words: beside each other where there is room, as on the screen; else below each other. */
function heading(page: Page, top: number, { name, text, facts }: BoxPiece, { x, width }: Room): Placed {
  const { small } = page;
  const says = facts.join(' · ');
  const [first, second, third] = COLUMNS.map((share) => share * width - small * 0.5);
  const isWide =
    name !== '' && textWidth(name, small, true) <= first && longestWord(text, small) <= second && textWidth(says, small) <= third;
  const parts: readonly (readonly [text: string, at: number, width: number, options: Parameters<typeof paragraph>[5]])[] = isWide
    ? [
        [name, x, first, { bold: true }],
        [text, x + COLUMNS[0] * width, second, {}],
        [says, x + width, third, { anchor: 'end', fill: FAINT_INK }],
      ]
    : [
        [name, x, width, { bold: true }],
        [text, x, width, {}],
        [says, x, width, { fill: FAINT_INK }],
      ];
  return parts.reduce<Placed>(
    (above, [words, at, room, options]) => {
      if (words === '') return above;
      const own = paragraph(at, isWide ? top : above.bottom, words, small, room, options);
      return { marks: [...above.marks, ...own.marks], bottom: Math.max(above.bottom, own.bottom) };
    },
    { marks: [], bottom: top },
  );
}

/** The least width that pieces take without a word beyond their box. */
function leastWidth(page: Page, pieces: readonly Piece[]): number {
  return largestOf(
    pieces.map((piece) => {
      if (piece.kind === 'fork') return largestOf(piece.branches.map((branch) => branchWidth(page, branch)));
      const { name, text, facts, inside } = piece;
      const words = [longestWord(name, page.small, true), ...[text, ...facts].map((one) => longestWord(one, page.small))];
      return largestOf([...words, leastWidth(page, inside)], 0) + 2 * padding(page);
    }),
    0,
  );
}

type ForkBranch = ForkPiece['branches'][number];

function branchWidth(page: Page, { label, inside }: ForkBranch): number {
  return Math.max(longestWord(label, page.small), leastWidth(page, inside), page.small * 2);
}

/** Narrowest branch beside others, in heights of its type: narrower boxes are read a word a line. */
const NARROW = 13;

function fork(page: Page, top: number, piece: ForkPiece, room: Room): Placed {
  const gap = page.small;
  const least = piece.branches.map((branch) =>
    branch.inside.length === 0 ? branchWidth(page, branch) : Math.max(branchWidth(page, branch), NARROW * page.small),
  );
  const free = room.width - gap * (least.length - 1) - least.reduce((sum, width) => sum + width, 0);
  return free >= 0 ? beside(page, top, piece, room, least, free) : below(page, top, piece, room);
}

/** Branches side by side; what is left of the room goes to those that hold something. */
function beside(page: Page, top: number, { branches, join, says }: ForkPiece, room: Room, least: readonly number[], free: number): Placed {
  const gap = page.small;
  const holding = Math.max(1, branches.filter(({ inside }) => inside.length > 0).length);
  const widths = branches.map(({ inside }, i) => least[i] + (inside.length > 0 ? free / holding : 0));
  const lefts = widths.map((_, i) => widths.slice(0, i).reduce((sum, width) => sum + width + gap, room.x));
  const middles = widths.map((width, i) => lefts[i] + width / 2);
  const [split, under] = [top + gap * 0.4, top + gap * 0.8];
  const labels = branches.map(({ label }, i) =>
    paragraph(middles[i], under, label, page.small, widths[i], { anchor: 'middle', fill: FAINT_INK }),
  );
  const first = largestOf(labels.map(({ bottom }) => bottom));
  const drawn = branches.map(({ inside }, i) => placed(page, first, inside, { x: lefts[i], width: widths[i] }));
  const low = largestOf(drawn.map(({ bottom }) => bottom)) + gap * 0.5;
  const middle = room.x + room.width / 2;
  const lines = middles.flatMap((x, i): Mark[] => [
    straight(x, split, x, under),
    ...(labels[i].bottom < first || branches[i].inside.length === 0 ? [straight(x, labels[i].bottom, x, first)] : []),
    straight(x, drawn[i].bottom, x, low),
  ]);
  const ends = [middles[0], middles[middles.length - 1]] as const;
  const across = [split, low].map((y) => straight(Math.min(middle, ends[0]), y, Math.max(middle, ends[1]), y));
  const joined = joint(page, low, join, says, room);
  return {
    marks: [
      straight(middle, top, middle, split),
      ...across,
      ...lines,
      ...labels.flatMap(({ marks }) => marks),
      ...drawn.flatMap(({ marks }) => marks),
      ...joined.marks,
    ],
    bottom: joined.bottom,
  };
}

/** Branches below each other beside a line that holds them together. */
function below(page: Page, top: number, { branches, join, says }: ForkPiece, { x, width }: Room): Placed {
  const indent = Math.min(page.small, width * 0.08);
  const own = { x: x + indent, width: width - indent };
  let at = top;
  const marks = branches.flatMap(({ label, inside }, i): readonly Mark[] => {
    const words = inside.length > 0 ? label : `${label || 'input'}: goes on as it is`;
    const named = paragraph(own.x, at, `${i + 1}${words === '' ? '' : ` ${words}`}`, page.small, own.width, { fill: FAINT_INK });
    const drawn = placed(page, named.bottom, inside, own);
    at = drawn.bottom + page.small * 0.3;
    return [...named.marks, ...drawn.marks];
  });
  const joined = joint(page, at, join, says, { x, width });
  return { marks: [straight(x + indent * 0.3, top + 1, x + indent * 0.3, at), ...marks, ...joined.marks], bottom: joined.bottom };
}

/** How branches come together, in words. */
function joint(page: Page, top: number, join: string, says: string, { x, width }: Room): Placed {
  const words = says === '' ? join : `${join} ${says}`;
  const text = paragraph(x + width / 2, top + page.small * 0.1, words, page.small, width, { anchor: 'middle' });
  return { marks: text.marks, bottom: text.bottom };
}

function straight(x1: number, y1: number, x2: number, y2: number): Mark {
  return line(
    [
      [x1, y1],
      [x2, y2],
    ],
    PLAIN.stroke,
    0.6,
  );
}

/** An arrow that points down. */
function arrow(x: number, from: number, to: number): Mark[] {
  const side = (to - from) * 0.28;
  const head = { kind: 'area', fill: PLAIN.stroke, opacity: 1 } as const;
  return [
    straight(x, from, x, to - side),
    {
      ...head,
      points: [
        [x - side, to - 1.6 * side],
        [x + side, to - 1.6 * side],
        [x, to],
      ],
    },
  ];
}

/** A word in the middle: where data comes in and goes out. */
export function endText(page: Page, top: number, text: string): Placed {
  const [x, y] = [(page.left + page.right) / 2, top + page.small];
  return { marks: [textAt(x, y, text, page.small, { anchor: 'middle', fill: INK })], bottom: y + page.small * 0.4 };
}
