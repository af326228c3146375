// Loads the rest of the window, once: after the first picture, or when something asks for it before.
import type * as WholeModule from './whole';

type Whole = typeof WholeModule;

let loading: Promise<Whole> | null = null;
let loaded: Whole | null = null;
let arrive: (whole: Whole) => void = () => undefined;

/** The rest of the window once somebody has loaded it: this loads nothing. */
export const wholeWhenLoaded = new Promise<Whole>((resolve) => (arrive = resolve));

/** The rest of the window. A failed load is tried again by whoever asks next. */
export function loadWhole(): Promise<Whole> {
  loading ??= import('./whole').then(
    (whole) => {
      whole.followLinks();
      arrive(whole);
      return (loaded = whole);
    },
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}

/** The rest of the window where it is loaded, else null. */
export const loadedWhole = (): Whole | null => loaded;
