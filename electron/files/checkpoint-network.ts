// Which network a checkpoint holds: the one its own metadata describes, else the one recognised from names
// and shapes.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { canonicalise } from '@shared/model/canonical/canonical';
import { NO_CHOICE, type Choices } from '@shared/model/recognise/partition-readings';
import type { BlockInside } from '@shared/model/recognise/recognise';
import { fittingForm, understand, type Understanding } from '@shared/model/recognise/understand';
import { parseNetworkSpec } from '@shared/model/schema';
import type { NetworkSpec } from '@shared/model/spec';
import { UserError } from '@shared/base/user-error';

/** Key of a safetensors file's metadata under which our own files carry their network, as JSON. */
export const SPEC_METADATA = 'repmlp.network';

/** Metadata that describes a network. */
export function specMetadata(spec: NetworkSpec): Record<string, string> {
  return { [SPEC_METADATA]: JSON.stringify(spec) };
}

/** What was understood of a file without the user's help: the same file is asked about from several places. */
const understood = new WeakMap<CheckpointFile, Understanding>();

/** What a checkpoint holds: the network that its own metadata describes, else what its names and shapes make. Throws UserError where it contradicts itself. */
export function understandFile(file: CheckpointFile, choices: Choices = NO_CHOICE): Understanding {
  const known = choices === NO_CHOICE ? understood.get(file) : undefined;
  if (known) return known;
  const found = understand(file, choices, describedNetwork(file));
  if (choices === NO_CHOICE) understood.set(file, found);
  return found;
}

/** The network a file's metadata describes, if its tensors fit it; else null. */
export function describedNetwork(file: CheckpointFile): NetworkSpec | null {
  const text = file.metadata[SPEC_METADATA];
  if (text === undefined) return null;
  return fittingForm([parsedMetadata(text, file.fileName)], canonicalise(file.tensors));
}

function parsedMetadata(text: string, fileName: string): NetworkSpec {
  try {
    return parseNetworkSpec(JSON.parse(text));
  } catch (error) {
    throw new UserError(`${fileName}: the network in its metadata (${SPEC_METADATA}) cannot be used: ${(error as Error).message}`);
  }
}

/** The network of a checkpoint; null if it describes none and none is recognised. */
export function networkOf(file: CheckpointFile): NetworkSpec | null {
  return understandFile(file).spec;
}

function insideText(blocks: readonly BlockInside[]): string {
  const usable = blocks.filter(({ problem }) => problem === null).length;
  const counted = usable === 0 ? '' : ` It contains ${usable} re-parameterizable block${usable > 1 ? 's' : ''}.`;
  const damaged = blocks.filter(({ problem }) => problem !== null);
  const [first] = damaged;
  if (!first) return counted;
  const others = damaged.length > 1 ? ` ${damaged.length - 1} more like it.` : '';
  return `${counted} The block ${first.block.name || 'inside'} cannot be computed: ${first.problem}.${others}`;
}

/** What an unknown checkpoint resembles, and the blocks inside it, as a sentence or two. */
export function nearestText(file: CheckpointFile): string {
  return nearestOf(understandFile(file));
}

/** `nearestText` of what was understood. */
export function nearestOf({ recognition, blocks: inspected }: Understanding): string {
  const { nearest, blocks: found } = recognition;
  const blocks = inspected.length > 0 ? inspected : found;
  const inside = insideText(blocks);
  if (nearest === null) return `No model resembles it.${inside}`;
  return `The nearest model is ${nearest.model} (${nearest.form} form): ${nearest.difference}.${inside}`;
}
