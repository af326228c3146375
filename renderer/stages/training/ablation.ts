// Ablation: the variants of a network trained one after the other with the same data, recipe and seed,
// so that their curves can be laid over each other. The service keeps the list and goes on without this
// window, which only asks, and shows where it stands.
import { createStore } from '../../studio/state';
import { parseInputSize, withSizeOf } from '@shared/model/input-size';
import { buildModel, zoo } from '@shared/model/zoo';
import type { AblationStatus } from '@shared/training/ablation';
import { network } from '../../studio/network/network';
import { attempt, notify } from '../../studio/notices';
import { loadCurves, showRun } from '../../studio/runs/runs';
import { studio } from '../../studio/studio';
import { nextConfig, pickUpRun, runName } from './training';

/** Where the service's ablation stands; null when there is none. */
export const ablation = createStore<{ readonly status: AblationStatus | null }>(() => ({ status: null }));

/** Whether variants are trained now. */
export function isAblationUnderWay(): boolean {
  return ablation.getState().status?.underWay ?? false;
}

/** Whether an ablation has ended with variants that are not trained. */
export function isAblationOpen(): boolean {
  const { status } = ablation.getState();
  return status !== null && !status.underWay && status.variants.some(({ state }) => state !== 'finished');
}

/** What names of networks with RepMLP start with where there is the same network of convolutions alone. */
const REPMLP = 'repmlp-';

/**
 * A network of the zoo and its variants, of one size: entries whose name goes on from its own, and the same network with
 * RepMLP or without. The name itself alone if there are none.
 */
export function variantsOf(entry: string): string[] {
  const isSmall = (name: string) => zoo.some((one) => one.name === name && one.small);
  const names = zoo.map(({ name }) => name).filter((name) => isSmall(name) === isSmall(entry));
  const base = names.find((name) => entry.startsWith(`${name}-`)) ?? entry;
  const plain = base.startsWith(REPMLP) ? base.slice(REPMLP.length) : base;
  const families = names.includes(plain) ? [REPMLP + plain, plain] : [base];
  return names.filter((name) => families.some((family) => name === family || name.startsWith(`${family}-`)));
}

/** Has all variants of the chosen network trained. */
export async function startAblation(): Promise<void> {
  const { entry, settings, inputSize } = network.getState();
  const own = variantsOf(entry).map((variant) => buildModel(variant, settingsFor(variant, settings)));
  const specs = inputSize === '' ? own : own.map((spec) => withSizeOf(spec, parseInputSize('the input size', inputSize)));
  await studio().training.ablation.start(specs.map((spec) => ({ config: nextConfig(spec), name: runName(spec) })));
}

export async function stopAblation(): Promise<void> {
  await studio().training.ablation.stop();
}

/** Goes on with the first variant that is not finished. */
export async function resumeAblation(): Promise<void> {
  await studio().training.ablation.resume();
}

/** Hears where the ablation stands as long as the service lives, and shows the run under way. */
export async function followAblation(): Promise<void> {
  for await (const status of await studio().training.ablation.watch()) takeStatus(status);
}

function takeStatus(status: AblationStatus | null): void {
  const wasUnderWay = isAblationUnderWay();
  if (status?.underWay && ablation.getState().status === null) void attempt(() => showTogether(status));
  ablation.setState({ status });
  const current = status?.variants.find(({ state }) => state === 'training')?.run;
  if (current) void attempt(() => pickUpRun(current));
  if (!wasUnderWay || status === null || status.underWay) return;
  if (status.ended === '') notify('success', `The ablation is done: ${status.variants.length} variants trained.`);
  else notify('warning', status.ended);
}

/** Draws the variants done so far, of which a window that has just opened knows nothing. */
async function showTogether({ variants }: AblationStatus): Promise<void> {
  for (const { run, state } of variants) {
    if (run === null || state === 'training') continue;
    showRun(run);
    await loadCurves(run);
  }
}

/** The changed settings that a variant has, too. */
function settingsFor(variant: string, settings: Readonly<Record<string, string>>): Record<string, string> {
  const keys = zoo.find(({ name }) => name === variant)?.settings.map(({ key }) => key) ?? [];
  return Object.fromEntries(Object.entries(settings).filter(([key]) => keys.includes(key)));
}
