// Ablation: the variants of a network trained one after the other with the same data, recipe and seed,
// so that their curves can be laid over each other.
import { createStore } from 'zustand/vanilla';
import { buildModel, zoo } from '@shared/model/zoo/index';
import { model } from './model';
import { notify } from './notices';
import { startRun, training } from './training';

/** Variants that still have to be trained; null when no ablation is under way. */
export const ablation = createStore<{ readonly waiting: readonly string[] | null }>()(() => ({ waiting: null }));

/** A network of the zoo and its variants: entries whose name goes on from its own. The name itself alone if there are none. */
export function variantsOf(entry: string): string[] {
  const base = zoo.find(({ name }) => entry.startsWith(`${name}-`))?.name ?? entry;
  return zoo.map(({ name }) => name).filter((name) => name === base || name.startsWith(`${base}-`));
}

/** Trains all variants of the chosen network. Ends early when one of them is stopped or fails. */
export async function startAblation(): Promise<void> {
  const { entry, settings } = model.getState();
  const variants = variantsOf(entry);
  try {
    for (const [index, variant] of variants.entries()) {
      ablation.setState({ waiting: variants.slice(index + 1) });
      const { ended } = await startRun(buildModel(variant, settingsFor(variant, settings)), '');
      await ended;
      if (training.getState().state === 'finished') continue;
      return notify('warning', `The ablation ended with ${variant}; not trained: ${variants.slice(index + 1).join(', ') || 'none'}.`);
    }
  } finally {
    ablation.setState({ waiting: null });
  }
}

/** The changed settings that a variant has, too. */
function settingsFor(variant: string, settings: Readonly<Record<string, string>>): Record<string, string> {
  const keys = zoo.find(({ name }) => name === variant)?.settings.map(({ key }) => key) ?? [];
  return Object.fromEntries(Object.entries(settings).filter(([key]) => keys.includes(key)));
}
