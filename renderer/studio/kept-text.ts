// Where the window keeps texts of its own: over a reload in its session, and, where the program has one window (the desktop), over its
// end, too. In a browser two windows of one service would otherwise take each other's network.
const LAST = 'repmlp-last:';

/** What of a window's stores is used here. */
type Kept = Pick<Storage, 'getItem' | 'setItem'>;

export class KeptTexts {
  constructor(
    private readonly session: Kept | undefined,
    /** Undefined where nothing is kept over the window's end. */
    private readonly lasting: Kept | undefined,
  ) {}

  /** What was kept last; null where nothing was. */
  read(key: string): string | null {
    return this.session?.getItem(key) ?? this.lasting?.getItem(LAST + key) ?? null;
  }

  /** Keeps a text at once, so that nothing is lost with the program; what there is no room for stays until a reload. */
  write(key: string, text: string): void {
    for (const [store, name] of [
      [this.session, key],
      [this.lasting, LAST + key],
    ] as const)
      try {
        store?.setItem(name, text);
      } catch {
        // No room.
      }
  }
}

const isDesktop = globalThis.location?.protocol === 'app:';

/** The texts of this window; without a window, in tests, nothing is kept. */
export const keptTexts = new KeptTexts(globalThis.sessionStorage, isDesktop ? globalThis.localStorage : undefined);
