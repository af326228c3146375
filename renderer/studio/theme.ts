// Light, dark or the system's theme; the choice is kept on this machine.
import { createStore } from './state';

export const THEMES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEMES)[number];
const KEY = 'repmlp-theme';

export const theme = createStore<{ readonly choice: ThemeChoice; readonly shown: 'light' | 'dark' }>(() => ({
  choice: 'system',
  shown: 'light',
}));

/** Applies the stored choice and follows the system's from now on. */
export function setUpTheme(): void {
  const stored = localStorage.getItem(KEY);
  chooseTheme(THEMES.find((name) => name === stored) ?? 'system');
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => chooseTheme(theme.getState().choice));
}

export function chooseTheme(choice: ThemeChoice): void {
  const systemDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const shown = choice === 'system' ? (systemDark ? 'dark' : 'light') : choice;
  document.documentElement.dataset.theme = shown;
  localStorage.setItem(KEY, choice);
  theme.setState({ choice, shown });
}

/** system -> light -> dark -> system. */
export function nextTheme(): void {
  const { choice } = theme.getState();
  chooseTheme(THEMES[(THEMES.indexOf(choice) + 1) % THEMES.length]);
}
