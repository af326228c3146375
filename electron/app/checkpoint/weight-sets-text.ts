// The sets of weights of a file, and what lies beside them, in words.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { ROOT_SET } from '@shared/checkpoint/weight-sets/choose-weight-set';

/** Key of a safetensors file's metadata under which a file made of one of several sets of weights says of which. */
const WEIGHTS_METADATA = 'repmlp.weights';

/** Metadata that says which set of several a file was made of; none where there was one. */
export function setMetadata(set: string | null | undefined): Record<string, string> {
  return set === null || set === undefined ? {} : { [WEIGHTS_METADATA]: set };
}

/** The set that is read of a file that holds several; else null. */
export function chosenSet({ weightSets }: Pick<CheckpointFile, 'weightSets'>): string | null {
  if (weightSets.length < 2) return null;
  return weightSets.find(({ chosen }) => chosen)?.name || ROOT_SET;
}

/** Phrases listed before the rest is only counted. */
const LISTED = 5;

/** `x.pth holds 2 sets of weights: model (107 tensors), ema (107 tensors); reading model, --weights NAME reads another`. */
export function severalSetsText({ fileName, weightSets }: Pick<CheckpointFile, 'fileName' | 'weightSets'>): string {
  const list = weightSets.map(({ name, tensors }) => `${name || ROOT_SET} (${tensors} tensors)`).join(', ');
  return `${fileName} holds ${weightSets.length} sets of weights: ${list}; reading ${chosenSet({ weightSets })}, --weights NAME reads another`;
}

/** The first phrases, and how many more there are. */
export function shortList(phrases: readonly string[]): string {
  const more = phrases.length > LISTED ? ` and ${phrases.length - LISTED} more` : '';
  return phrases.slice(0, LISTED).join(', ') + more;
}
