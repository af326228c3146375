// What a checkpoint holds, with what somebody states of it: its network described in full, partitions and eps that its
// shapes leave open, the size of its inputs. Invariant: the file's tensors fit the network, whoever described it.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { canonicalInfos, canonicalise } from '@shared/model/canonical/canonical';
import { fitOf, misfitText, type WeightsFit } from '@shared/model/fit';
import { parseInputSize, withSizeOf } from '@shared/model/input-size';
import { NO_CHOICE, type Choices } from '@shared/model/recognise/partition-readings';
import { formsOf, recognise } from '@shared/model/recognise/recognise';
import { expectDecided, fittingForm, understand, type Understanding } from '@shared/model/recognise/understand';
import type { Form, NetworkSpec } from '@shared/model/spec';
import { UserError } from '@shared/base/user-error';
import { nearestOf, understandFile } from '../../files/checkpoint-network';

/** What is said of a checkpoint's network. */
export interface Statement {
  /** Described in full, train form or merged; the file may hold either form of it. */
  readonly network?: NetworkSpec | null;
  /** The form the weights have to be in. */
  readonly form?: Form;
  /** `N` or `HxW` in pixels. */
  readonly inputSize?: string;
  readonly choices?: Choices;
}

/** What a door calls a statement, where it has to be refused. */
export interface StatementNames {
  readonly inputSize: string;
  /** How a network is named, as the end of a sentence. */
  readonly naming: string;
}

/** What a file holds, as stated, else by itself. Throws UserError where a statement contradicts the file; `names` are what the user calls them. */
export function understandAs(file: CheckpointFile, stated: Statement, names: StatementNames): Understanding {
  const { network, form, inputSize, choices = NO_CHOICE } = stated;
  const understood = network ? understand(file, choices, describedForm(network, file, form)) : understandFile(file, choices);
  if (inputSize === undefined) return understood;
  const size = parseInputSize(names.inputSize, inputSize);
  const { spec, fileName, blocks } = understood;
  if (spec !== null) return { ...understood, spec: withSizeOf(spec, size) };
  if (blocks.length > 0)
    throw new UserError(
      `${fileName} is no network known here: its blocks stand alone, and nothing says how large their maps are for inputs of ${inputSize}; leave out ${names.inputSize}, or ${names.naming}`,
    );
  return understood;
}

/** The network. Throws UserError where it is unknown, in another form than stated, or leaves a question open. */
export function knownNetwork(understood: Understanding, { form }: Statement, { naming }: StatementNames): NetworkSpec {
  const { spec, fileName } = understood;
  if (!spec) throw new UserError(`${fileName} holds no network that is known here; ${naming}. ${nearestOf(understood)}`);
  if (form && form !== spec.form) throw new UserError(`${fileName} holds weights in ${spec.form} form, not in ${form} form`);
  expectDecided(understood);
  return spec;
}

/** The form of a described network that a file is in. Throws UserError saying what differs where it is in none. */
function describedForm(described: NetworkSpec, file: CheckpointFile, form: Form | undefined): NetworkSpec {
  const canonical = canonicalise(file.tensors);
  const wanted = formsOf(described).filter((spec) => !form || spec.form === form);
  const fitting = fittingForm(wanted, canonical);
  if (fitting) return fitting;
  if (wanted.length === 0) throw new UserError(`${described.name} was described in ${described.form} form, not in ${form} form`);
  const fits = wanted.map((spec) => ({ spec, fit: fitOf(spec, canonicalInfos(canonical)) }));
  const nearest = fits.reduce((a, b) => (strangers(b.fit) < strangers(a.fit) ? b : a));
  const { recognised } = recognise(canonicalInfos(canonical));
  const hint = recognised ? `; they do fit ${recognised.model}${settingsText(recognised.settings)} (${recognised.form} form)` : '';
  throw new UserError(
    `the weights in ${file.fileName} do not fit ${described.name} (${nearest.spec.form} form): ${misfitText(nearest.fit)}${hint}`,
  );
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
