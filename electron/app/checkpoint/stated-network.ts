// The network of a checkpoint as somebody states it: described in full, or the file's own for inputs of a stated size.
// Invariant: the file's tensors fit the network, whoever described it.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { mergedSpec } from '@shared/merge/merged-spec';
import { fitOf, isFitting, misfitText, type WeightsFit } from '@shared/model/fit';
import { parseInputSize, withSizeOf } from '@shared/model/input-size';
import { recognise } from '@shared/model/recognise/recognise';
import type { Form, NetworkSpec } from '@shared/model/spec';
import { UserError } from '@shared/base/user-error';
import { nearestText, networkOf } from '../../files/checkpoint-network';

/** What is said of a checkpoint's network. */
export interface Statement {
  /** Described in full, train form or merged; the file may hold either form of it. */
  readonly network?: NetworkSpec;
  /** The form the weights have to be in. */
  readonly form?: Form;
  /** `N` or `HxW` in pixels. */
  readonly inputSize?: string;
}

type Tensors = Pick<CheckpointFile, 'fileName' | 'tensors'>;

/** The network of a file as stated, else the file's own. Throws UserError where none is known, or it is not as stated; `sizeName` is what the user calls the size. */
export function statedNetwork(file: CheckpointFile, { network, form, inputSize }: Statement, sizeName = 'inputSize'): NetworkSpec {
  const spec = network === undefined ? ownNetwork(file, form) : fittingForm(network, file, form);
  return inputSize === undefined ? spec : withSizeOf(spec, parseInputSize(sizeName, inputSize));
}

function ownNetwork(file: CheckpointFile, form: Form | undefined): NetworkSpec {
  const spec = networkOf(file);
  if (!spec) throw new UserError(`${file.fileName} holds no network that is known here. ${nearestText(file)}`);
  if (form && form !== spec.form) throw new UserError(`${file.fileName} holds weights in ${spec.form} form, not in ${form} form`);
  return spec;
}

/** The form of a described network that the tensors are in. Throws UserError saying what differs. */
export function fittingForm(described: NetworkSpec, file: Tensors, form?: Form): NetworkSpec {
  const forms = described.form === 'merged' ? [described] : formsOf(described);
  const wanted = form ? forms.filter((spec) => spec.form === form) : forms;
  const fits = wanted.map((spec) => ({ spec, fit: fitOf(spec, file.tensors) }));
  const fitting = fits.find(({ fit }) => isFitting(fit));
  if (fitting) return fitting.spec;
  const nearest = fits.reduce((a, b) => (strangers(b.fit) < strangers(a.fit) ? b : a));
  const { recognised } = recognise(file.tensors);
  const hint = recognised ? `; they do fit ${recognised.model}${settingsText(recognised.settings)} (${recognised.form} form)` : '';
  throw new UserError(
    `the weights in ${file.fileName} do not fit ${described.name} (${nearest.spec.form} form): ${misfitText(nearest.fit)}${hint}`,
  );
}

function formsOf(train: NetworkSpec): NetworkSpec[] {
  return [train, mergedSpec(train), mergedSpec(train, { fuseAllConvBn: true })];
}

/** Tensors of the file that do not belong: in the form that the file is in there are fewest, whatever its size. */
function strangers({ unexpected, wrong }: WeightsFit): number {
  return unexpected.length + wrong.length;
}

/** ` with g=4, r=8,8`, or nothing. */
export function settingsText(settings: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '' : ` with ${pairs.join(' ')}`;
}
