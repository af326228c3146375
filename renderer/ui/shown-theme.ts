// The theme that the page shows, for what is drawn with the colours of its style.
import { useSyncExternalStore } from 'react';

/** `light` or `dark`; renders again when it changes. */
export function useShownTheme(): string {
  return useSyncExternalStore(subscribeToTheme, () => document.documentElement.dataset.theme ?? '');
}

function subscribeToTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
