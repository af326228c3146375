// The window's history: back and forward lead through places, each a stage with the networks (A and B), the block or weight
// and the view and the looks that were shown there. Invariant: the place kept for the current entry of the history is the one that is
// shown; another stage, network, block or weight makes a new entry, what was looked at of it changes the one there is.
import { largestOf } from '@shared/base/extremes';
import { z } from 'zod';
import { comparison, subjectKey } from '../studio/network/comparison';
import { network } from '../studio/network/network';
import { networksNow, recalled, rememberedNetworks, returnTo, type RememberedNetworks } from '../studio/network/remembered';
import { keyOf, weights } from '../studio/network/weights';
import { deepViewOf, showDeepView } from '../studio/deep-view';
import { looksOf, showLooks, stageLooks } from '../studio/looks';
import { navigation, stageFromHash, STAGE_TEXT, type Stage } from '../studio/navigation';
import { attempt } from '../studio/notices';

const place = z.object({
  stage: z.custom<Stage>((name) => typeof name === 'string' && name in STAGE_TEXT),
  networks: rememberedNetworks,
  view: z.unknown().optional(),
  looks: stageLooks.default({}),
  /** Pixels that the stage is scrolled down. */
  scrolled: z.number(),
});
type Place = z.infer<typeof place>;

const KEY = 'repmlp-places';
/** Entries kept; those before lead to their stage alone. */
const MOST_PLACES = 60;
/** Epochs and blocks that follow each other faster are walked through, not visited. Milliseconds. */
const WALKED_THROUGH = 600;

let places = new Map<number, Place>();
let current = 0;
let returning = 0;
let isNoted = false;
let enteredAt = 0;
/** Whether the networks of the current place are only those that the window begins with. */
let isFirst = false;

/** Keeps the places of the window and follows back and forward; a reload comes back to the place it left. */
export function setUpPlaces(): void {
  places = stored();
  const known = places.get(idOf(history.state));
  current = known ? idOf(history.state) : largestOf(places.keys(), 0) + 1;
  if (known) showView(known);
  else {
    enter(placeNow(), 'replace');
    isFirst = !recalled.getState().done;
  }
  for (const store of [navigation, weights, network, comparison, recalled]) store.subscribe(note);
  window.addEventListener('popstate', ({ state }) => {
    // The link of a prepared state says itself, once it was read, what it shows.
    if (!location.hash.startsWith('#state=')) void attempt(() => comeBack(idOf(state)));
  });
  window.addEventListener('pagehide', leave);
  document.addEventListener('scroll', ({ target }) => noteScroll(target), { capture: true, passive: true });
}

/** A change: the view is that of the place before it, whatever shows the new one does to it; the rest is read when all is changed. */
function note(): void {
  if (isNoted || returning > 0) return;
  isNoted = true;
  keepView();
  // Within this task: whoever changed the place may go back in the next one.
  queueMicrotask(() => {
    isNoted = false;
    if (returning === 0) arrive();
  });
}

function keepView(): void {
  const at = places.get(current);
  if (at) places.set(current, { ...at, view: deepViewOf(at.stage), looks: looksOf(at.stage) });
}

function arrive(): void {
  const before = places.get(current);
  const now = placeNow();
  if (isFirst && recalled.getState().done) {
    isFirst = false;
    enter(now, now.stage === before?.stage ? 'replace' : 'push');
  } else if (before && !isElsewhere(now, before))
    places.set(current, { ...now, view: before.view, looks: before.looks, scrolled: before.scrolled });
  else enter(now, before && isWalked(now, before) ? 'replace' : 'push');
}

function enter(now: Place, how: 'push' | 'replace'): void {
  if (how === 'push') {
    // What came after the current place is not reached any more.
    for (const id of [...places.keys()]) if (id > current) places.delete(id);
    current++;
  }
  places.set(current, now);
  if (how === 'push') history.pushState({ place: current }, '', `#${now.stage}`);
  // The address stays: it names the stage already, or holds the token that this window is admitted by.
  else history.replaceState({ place: current }, '');
  enteredAt = performance.now();
  store();
}

function placeNow(): Place {
  const { stage } = navigation.getState();
  // Until the networks of before a reload are there, they are not known to be others.
  const networks = recalled.getState().done ? networksNow() : (places.get(current)?.networks ?? networksNow());
  return { stage, networks, view: undefined, looks: {}, scrolled: 0 };
}

function subjectText({ design, reference }: RememberedNetworks): string {
  return design ? JSON.stringify(design) : keyOf(reference);
}

function isElsewhere(now: Place, before: Place): boolean {
  const [a, b] = [now.networks, before.networks];
  const otherBlock = a.block !== b.block && a.block !== null && b.block !== null;
  const otherNetwork = subjectText(a) !== subjectText(b) || subjectKey(a.compared) !== subjectKey(b.compared);
  // Where there is no block a weight is chosen by itself.
  const otherWeight = a.tensor !== b.tensor && (b.tensor !== null || b.block !== null);
  return now.stage !== before.stage || otherNetwork || otherBlock || otherWeight;
}

/** Whether only the next epoch of a run, the next block or another letter of a setting came, soon after the last. */
function isWalked(now: Place, before: Place): boolean {
  const [a, b] = [now.networks, before.networks];
  const oneRun = a.reference.kind === 'run' && b.reference.kind === 'run' && a.reference.run === b.reference.run;
  const sameWeights = a.design === null && b.design === null && (oneRun || keyOf(a.reference) === keyOf(b.reference));
  const sameEntry = a.design !== null && b.design !== null && a.design.entry === b.design.entry;
  const soon = performance.now() - enteredAt < WALKED_THROUGH;
  return now.stage === before.stage && subjectKey(a.compared) === subjectKey(b.compared) && (sameWeights || sameEntry) && soon;
}

async function comeBack(id: number): Promise<void> {
  keepView();
  const to = places.get(id);
  if (!to) {
    // An address typed by hand, or an entry too old to be kept: its stage is all there is.
    current = id > 0 ? id : largestOf(places.keys(), 0) + 1;
    navigation.setState({ stage: stageFromHash() });
    enter(placeNow(), 'replace');
    return;
  }
  current = id;
  returning++;
  try {
    navigation.setState({ stage: to.stage });
    // Without a service a file cannot be opened again, which is said; the place is kept for when there is one.
    const isThere = recalled.getState().done && (await succeeds(() => returnTo(to.networks)));
    if (current === id) showView(to);
    if (current === id && isThere) {
      // A file that had to be opened again is another one to the service.
      places.set(id, { ...placeNow(), view: to.view, looks: to.looks, scrolled: to.scrolled });
    }
  } finally {
    returning--;
    store();
  }
}

/** Whether a task is done; a failure becomes a visible message. */
async function succeeds(task: () => Promise<void>): Promise<boolean> {
  let isDone = false;
  await attempt(async () => {
    await task();
    isDone = true;
  });
  return isDone;
}

function showView({ stage, view, looks, scrolled }: Place): void {
  showLooks(stage, looks);
  showDeepView(stage, view);
  scrollTo(scrolled, performance.now() + 2000);
}

/** Scrolls the stage as soon as it is long enough, if that is before `until`. */
function scrollTo(scrolled: number, until: number): void {
  const at = current;
  if (scrolled <= 0) return;
  requestAnimationFrame(() => {
    const body = document.querySelector('.stage-body');
    if (current !== at || performance.now() > until) return;
    if (body && body.scrollHeight - body.clientHeight >= scrolled) body.scrollTop = scrolled;
    else scrollTo(scrolled, until);
  });
}

function noteScroll(target: EventTarget | null): void {
  const at = places.get(current);
  if (isNoted || returning > 0 || !at || at.stage !== navigation.getState().stage) return;
  if (target instanceof Element && target.classList.contains('stage-body')) places.set(current, { ...at, scrolled: target.scrollTop });
}

function leave(): void {
  keepView();
  store();
}

function idOf(state: unknown): number {
  return z.object({ place: z.number() }).safeParse(state).data?.place ?? 0;
}

function store(): void {
  const kept = [...places].slice(-MOST_PLACES);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Too much for the browser, as many networks described by hand are: they stay until a reload.
    sessionStorage.removeItem(KEY);
  }
}

function stored(): Map<number, Place> {
  try {
    return new Map(z.array(z.tuple([z.number(), place])).parse(JSON.parse(sessionStorage.getItem(KEY) ?? '[]')));
  } catch {
    return new Map();
  }
}
