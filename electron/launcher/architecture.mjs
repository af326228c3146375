#!/usr/bin/env node
// `npm run architecture`: draws architecture.svg from the imports as they are. A box is a room, an arrow means that files of
// one room import from another; an arrow that a chain of others implies is left out, one against the order is red.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rooms } from '../../.dependency-cruiser.mjs';
import { imports } from './structure.mjs';

const columns = ['electron', 'src-shared', 'renderer'];
const box = { width: 128, height: 26, gap: 14 };
const left = /** @type {Record<string, number>} */ ({ electron: 40, 'src-shared': 360, renderer: 680 });
const tall = 16;
const height = 90 + tall * (box.height + box.gap);

/** Rooms that have files, lowest first. @param {Map<string, Set<string>>} arrows @param {string} part @returns {string[]} */
function roomsOf(arrows, part) {
  const known = new Set([...arrows.keys(), ...[...arrows.values()].flatMap((to) => [...to])]);
  return rooms[/** @type {keyof typeof rooms} */ (part)].map((name) => `${part}/${name}`).filter((room) => known.has(room));
}

/** The room of a file, or null for entries and what is no room. @param {string} file @returns {string | null} */
function roomOf(file) {
  const [part, name] = file.split('/');
  const names = columns.includes(part) ? rooms[/** @type {keyof typeof rooms} */ (part)] : [];
  return names.includes(name) ? `${part}/${name}` : null;
}

/** Room -> rooms it imports from. @returns {Promise<Map<string, Set<string>>>} */
async function arrowsBetweenRooms() {
  const arrows = new Map();
  for (const { source, dependencies } of (await imports()).modules) {
    const from = roomOf(source);
    for (const { resolved } of from === null ? [] : dependencies) {
      const to = roomOf(resolved);
      if (to === null || to === from) continue;
      arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
    }
  }
  return arrows;
}

/** Whether an import points up: to a room of the same part that stands later. @param {string} from @param {string} to */
function pointsUp(from, to) {
  const [a, b] = [from, to].map((room) => room.split('/'));
  if (a[0] !== b[0]) return b[0] !== 'src-shared';
  const order = rooms[/** @type {keyof typeof rooms} */ (a[0])];
  return order.indexOf(a[1]) < order.indexOf(b[1]);
}

/** Arrows that no chain of others implies, and all that point up. @param {Map<string, Set<string>>} arrows @returns {[string, string][]} */
function shown(arrows) {
  const down = new Map([...arrows].map(([from, to]) => [from, [...to].filter((room) => !pointsUp(from, room))]));
  /** @param {string} from @param {string} to @param {boolean} direct whether the arrow itself counts @returns {boolean} */
  const reaches = (from, to, direct) => (down.get(from) ?? []).some((next) => (next === to ? direct : reaches(next, to, true)));
  return [...arrows].flatMap(([from, all]) =>
    [...all].filter((to) => pointsUp(from, to) || !reaches(from, to, false)).map((to) => /** @type {[string, string]} */ ([from, to])),
  );
}

/** @param {[string, string][]} arrows @param {Map<string, { x: number, y: number }>} places @returns {string[]} */
function drawArrows(arrows, places) {
  return arrows.map(([from, to]) => {
    const [a, b] = [places.get(from), places.get(to)];
    if (!a || !b) throw new Error(`no place for ${from} -> ${to}`);
    const style = pointsUp(from, to) ? 'class="up" marker-end="url(#tip-up)"' : 'marker-end="url(#tip)"';
    const [ya, yb] = [a.y + box.height / 2, b.y + box.height / 2];
    if (a.x === b.x) {
      if (Math.abs(ya - yb) < box.height + box.gap + 1 && yb > ya) {
        return `<path ${style} d="M${a.x + box.width / 2} ${a.y + box.height}V${b.y - 2}"/>`;
      }
      const side = a.x + box.width;
      const bend = side + 18 + Math.abs(ya - yb) * 0.14;
      return `<path ${style} d="M${side} ${ya + 4}C${bend} ${ya + 4} ${bend} ${yb - 4} ${side + 2} ${yb - 4}"/>`;
    }
    const [start, end] = a.x < b.x ? [a.x + box.width, b.x - 2] : [a.x, b.x + box.width + 2];
    const middle = (start + end) / 2;
    return `<path ${style} d="M${start} ${ya}C${middle} ${ya} ${middle} ${yb} ${end} ${yb}"/>`;
  });
}

/** @param {Map<string, Set<string>>} arrows @returns {string} the picture as SVG */
function picture(arrows) {
  const places = new Map();
  const boxes = columns.flatMap((part) => {
    const names = roomsOf(arrows, part);
    const step = (tall * (box.height + box.gap)) / names.length;
    const head = `<text class="part" x="${left[part]}" y="36">${part}/</text>`;
    return [
      head,
      ...names.map((room, i) => {
        const place = { x: left[part], y: height - 30 - (i + 0.5) * step - box.height / 2 };
        places.set(room, place);
        const label = `<text x="${place.x + box.width / 2}" y="${place.y + 17}" text-anchor="middle">${room.split('/')[1]}</text>`;
        return `<rect x="${place.x}" y="${place.y}" width="${box.width}" height="${box.height}" rx="4"/>${label}`;
      }),
    ];
  });
  const lines = drawArrows(shown(arrows), places);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 ${height}" font-family="system-ui, sans-serif" font-size="13">
<style>path{fill:none;stroke:#7a8794;stroke-width:1.1}.up{stroke:#c0392b}rect{fill:#eef3f7;stroke:#34495e}text{fill:#1d2b38}.part{font-weight:600;font-size:15px}</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" style="fill:#7a8794;stroke:none"/></marker>
<marker id="tip-up" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" style="fill:#c0392b;stroke:none"/></marker></defs>
<rect width="960" height="${height}" style="fill:#ffffff;stroke:none"/>
${[...lines, ...boxes].join('\n')}
</svg>
`;
}

const arrows = await arrowsBetweenRooms();
writeFileSync(join(import.meta.dirname, '..', '..', 'architecture.svg'), picture(arrows));
console.log(`architecture.svg: ${shown(arrows).length} arrows`);
