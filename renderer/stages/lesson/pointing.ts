// What a lesson points at, hides and locks in the window. Invariant: nothing of it outlives the lesson, and a part that is drawn anew
// is hidden or locked anew.
import { windowPart } from '@shared/lesson/parts';

export interface Pointing {
  readonly highlight: string | null;
  readonly hide: readonly string[];
  readonly lock: readonly string[];
}

const NOTHING: Pointing = { highlight: null, hide: [], lock: [] };
const sheet = typeof CSSStyleSheet === 'undefined' ? null : new CSSStyleSheet();
let now = NOTHING;
let observer: MutationObserver | null = null;

const selectorOf = (name: string): string => `[data-testid="${windowPart(name)?.testId ?? ''}"]`;

/** Points from now on at this and nothing else. */
export function point(pointing: Pointing = NOTHING): void {
  release();
  now = pointing;
  if (!sheet) return;
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  sheet.replaceSync(rulesOf(pointing));
  lockAll();
  if (pointing.lock.length === 0) return;
  observer = new MutationObserver(lockAll);
  observer.observe(document.body, { childList: true, subtree: true });
}

function rulesOf({ highlight, hide, lock }: Pointing): string {
  const rules = [
    ...hide.map((name) => `${selectorOf(name)} { display: none !important; }`),
    ...lock.map((name) => `${selectorOf(name)} { opacity: 0.55; }`),
  ];
  if (highlight !== null)
    rules.push(
      `${selectorOf(highlight)} { outline: 3px solid var(--rep) !important; outline-offset: 3px; border-radius: 4px; scroll-margin: 5rem; }`,
    );
  return rules.join('\n');
}

function lockAll(): void {
  for (const name of now.lock)
    for (const found of document.querySelectorAll<HTMLElement>(selectorOf(name)))
      if (!found.inert) {
        found.inert = true;
        found.dataset.lockedByLesson = '';
      }
}

function release(): void {
  observer?.disconnect();
  observer = null;
  for (const found of document.querySelectorAll<HTMLElement>('[data-locked-by-lesson]')) {
    found.inert = false;
    delete found.dataset.lockedByLesson;
  }
}

/** How long a part that is pointed at may take to be drawn, in milliseconds; later than that it is left where it is. */
const DRAWN_WITHIN = 3000;

/** Scrolls the part that is pointed at into view, once it is drawn; the focus stays where it is. */
export function bringIntoView(): void {
  const { highlight } = now;
  if (highlight === null) return;
  const until = performance.now() + DRAWN_WITHIN;
  const look = (): void => {
    if (now.highlight !== highlight || performance.now() > until) return;
    const found = document.querySelector<HTMLElement>(selectorOf(highlight));
    if (!found) return void requestAnimationFrame(look);
    // What is higher than the window is shown from its beginning.
    found.scrollIntoView({ block: found.offsetHeight > innerHeight / 2 ? 'start' : 'nearest' });
  };
  look();
}

const FOCUSABLE =
  'button:not(:disabled), a[href], input:not(:disabled), select:not(:disabled), textarea, summary, [tabindex]:not([tabindex="-1"])';

/** Moves the keyboard to the part that is pointed at: its first control, or itself. Says whether it is there. */
export function goToHighlight(): boolean {
  const found = now.highlight === null ? null : document.querySelector<HTMLElement>(selectorOf(now.highlight));
  if (!found) return false;
  found.scrollIntoView({ block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
  const target = found.matches(FOCUSABLE) ? found : found.querySelector<HTMLElement>(FOCUSABLE);
  if (target) target.focus({ preventScroll: true });
  else {
    found.tabIndex = -1;
    found.focus({ preventScroll: true });
  }
  return true;
}
