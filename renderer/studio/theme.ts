// Light, dark or the system's theme; the choice is kept on this machine.
import { createStore } from './state';
import { addUndoable } from './undo/parts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEMES)[number];
const KEY = 'repmlp-theme';

/** Known from the first moment on, for what is drawn in the colours of a theme. */
export const theme = createStore<{ readonly choice: ThemeChoice; readonly shown: 'light' | 'dark' }>(() => {
  const choice = storedChoice();
  return { choice, shown: themeOf(choice) };
});

addUndoable({
  name: 'theme',
  stage: null,
  says: 'the theme',
  now: () => ({ choice: theme.getState().choice }),
  show: (kept) => chooseTheme((kept as { readonly choice: ThemeChoice }).choice),
});

function storedChoice(): ThemeChoice {
  const stored = globalThis.localStorage?.getItem(KEY);
  return THEMES.find((name) => name === stored) ?? 'system';
}

function themeOf(choice: ThemeChoice): 'light' | 'dark' {
  if (choice !== 'system') return choice;
  return globalThis.matchMedia?.('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Applies the stored choice and follows the system's from now on. */
export function setUpTheme(): void {
  chooseTheme(storedChoice());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => chooseTheme(theme.getState().choice));
}

export function chooseTheme(choice: ThemeChoice): void {
  const shown = themeOf(choice);
  document.documentElement.dataset.theme = shown;
  localStorage.setItem(KEY, choice);
  theme.setState({ choice, shown });
}

/** system -> light -> dark -> system. */
export function nextTheme(): void {
  const { choice } = theme.getState();
  chooseTheme(THEMES[(THEMES.indexOf(choice) + 1) % THEMES.length]);
}
