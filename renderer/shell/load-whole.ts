// Loads the rest of the window, once: after the first picture, or when something asks for it before.
type Whole = typeof import('./whole');

let loading: Promise<Whole> | null = null;
let loaded: Whole | null = null;

/** The rest of the window. A failed load is tried again by whoever asks next. */
export function loadWhole(): Promise<Whole> {
  loading ??= import('./whole').then(
    (whole) => {
      whole.followLinks();
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
