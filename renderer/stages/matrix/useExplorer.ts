// Parts of the explorer's state for a component. The state changes with every drawn frame and every movement of
// the pointer: who takes all of it is rendered as often.
import { useSyncExternalStore } from 'react';
import { useStore } from 'zustand/react';
import { useShallow } from 'zustand/react/shallow';
import { explorer, isPanelOpen, watchPanel, type Explorer } from './explorer';

/** The named parts; the component renders again when one of these changes. */
export function useExplorer<Name extends keyof Explorer>(...names: readonly Name[]): Pick<Explorer, Name> {
  return useStore(
    explorer,
    useShallow((state) => Object.fromEntries(names.map((name) => [name, state[name]])) as Pick<Explorer, Name>),
  );
}

/** Whether the panel is shown, followed as the window grows and shrinks. */
export function usePanelOpen(): boolean {
  return useSyncExternalStore(watchPanel, isPanelOpen);
}
