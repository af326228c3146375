// The current network, which every stage, figure and verdict is about: that of the weights in focus (weights.ts), or a
// design that has no weights yet, an entry of the zoo with its hyper-parameters or a description.
// Invariants: `spec` is the train form that the settings build, or what the weights hold where no settings give it; null
// with `problem` saying why there is none. Weights in focus and the network are never of two networks.
import { createStore } from '../state';
import { assertNever } from '@shared/base/assert-never';
import { messageOf } from '@shared/base/message-of';
import { UserError } from '@shared/base/user-error';
import type { OpenedCheckpoint, WeightsReference } from '@shared/link/studio';
import { formsOf, recognise } from '@shared/model/recognise/recognise';
import { inputSizeText, parseInputSize, withSizeOf } from '@shared/model/input-size';
import { mergedSpec } from '@shared/model/merged-spec';
import { parametersOf } from '@shared/model/parameters';
import { parseNetworkSpec } from '@shared/model/schema';
import type { NetworkSpec } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { buildModel, zoo, type SettingTexts } from '@shared/model/zoo';
import { runs } from '../runs/runs';
import { BUNDLED, chooseWeights, weights, fileOf } from './weights';

export interface Network {
  /** Name of the zoo's entry, or CUSTOM for a description from a file or from weights. */
  readonly entry: string;
  /** Settings that differ from the entry's defaults, as typed. */
  readonly settings: SettingTexts;
  /** `N` or `HxW`, as typed, where inputs are of another size than the settings or the description say; else empty. */
  readonly inputSize: string;
  readonly spec: NetworkSpec | null;
  /** The network in the form its weights hold it; `spec` where there are none. */
  readonly held: NetworkSpec | null;
  readonly problem: string | null;
}

/** Stands for a network that no entry of the zoo gives. */
export const CUSTOM = 'custom';

/** The network of the last description, from a file or from weights. */
let described: NetworkSpec | null = null;

export const network = createStore<Network>(() => built({ entry: 'pure-mlp-small', settings: {}, inputSize: '', described: null }));

export function chooseModel(entry: string): void {
  design(entry, {}, '');
}

/** Takes a network described in JSON. Throws UserError naming the field or layer that is wrong. */
export function takeDescription(text: string, fileName: string): void {
  described = parseNetworkSpec(parseJson(text, fileName));
  design(CUSTOM, {}, '');
}

function parseJson(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${fileName} is not JSON: ${messageOf(error)}`);
  }
}

/** Changes one hyper-parameter; an empty text goes back to the default. */
export function changeSetting(key: string, text: string): void {
  const { entry, settings, inputSize } = network.getState();
  const others = Object.fromEntries(Object.entries(settings).filter(([name]) => name !== key));
  design(entry, text.trim() === '' ? others : { ...others, [key]: text.trim() }, inputSize);
}

/** Takes the same network for inputs of another size; an empty text goes back to that of the settings or the description. */
export function changeInputSize(text: string): void {
  const { entry, settings } = network.getState();
  design(entry, settings, text.trim());
}

/** Makes a network current by what builds it. Only the bundled one has weights then. */
function design(entry: string, settings: SettingTexts, inputSize: string): void {
  if (entry === BUNDLED.name && Object.keys(settings).length === 0 && inputSize === '') return chooseWeights(BUNDLED);
  weights.setState({ inFocus: false, blocks: [], block: null, tensors: [], tensor: null });
  network.setState(built({ entry, settings, inputSize, described }));
}

function built({ entry, settings, inputSize, described: own }: Design): Network {
  try {
    const design = entry === CUSTOM && own ? own : buildModel(entry, settings);
    const spec = inputSize === '' ? design : withSizeOf(design, parseInputSize('the input size', inputSize));
    leavesOf(spec); // shapes that do not fit are found here, with the layer's name
    return { entry, settings, inputSize, spec, held: spec, problem: null };
  } catch (error) {
    return { entry, settings, inputSize, spec: null, held: null, problem: messageOf(error) };
  }
}

/** A network that was designed, to be made again after a reload. */
export interface Design extends Pick<Network, 'entry' | 'settings' | 'inputSize'> {
  readonly described: NetworkSpec | null;
}

/** The current network as a design; null where it is that of weights. */
export function currentDesign(): Design | null {
  const { entry, settings, inputSize } = network.getState();
  return weights.getState().inFocus ? null : { entry, settings, inputSize, described: entry === CUSTOM ? described : null };
}

export function takeDesign({ entry, settings, inputSize, described: own }: Design): void {
  if (own) described = own;
  design(entry, settings, inputSize);
}

/** What a network is chosen by: weights that hold it, or what builds it. */
export type Subject =
  | { readonly kind: 'weights'; readonly reference: WeightsReference }
  | { readonly kind: 'design'; readonly design: Design };

export function currentSubject(): Subject {
  const made = currentDesign();
  return made ? { kind: 'design', design: made } : { kind: 'weights', reference: weights.getState().reference };
}

/** Makes a network current. */
export function takeSubject(subject: Subject): void {
  if (subject.kind === 'design') takeDesign(subject.design);
  else chooseWeights(subject.reference);
}

/** An entry of the zoo as it is; the bundled one has weights. */
export function zooSubject(entry: string): Subject {
  if (entry === BUNDLED.name) return { kind: 'weights', reference: BUNDLED };
  return { kind: 'design', design: { entry, settings: {}, inputSize: '', described: null } };
}

/** The network of a subject, whether it is the current one or not. */
export function networkOfSubject(subject: Subject): Network {
  if (subject.kind === 'design') return built(subject.design);
  const found = specOf(subject.reference, weights.getState().opened);
  return typeof found === 'string' ? unknown(found) : networkOf(...found);
}

// The network of the weights in focus, whichever way they came there, and as soon as it is known what they hold.
weights.subscribe(({ inFocus, reference, opened }, before) => {
  if (inFocus && (!before.inFocus || reference !== before.reference || opened !== before.opened)) followWeightsInFocus();
});
runs.subscribe(({ list }, before) => {
  if (list !== before.list && weights.getState().inFocus) followWeightsInFocus();
});

/** The network last made from weights, and from what: lists are read again often, and say the same. */
let known: { readonly from: string; readonly made: Network } | null = null;

function followWeightsInFocus(): void {
  const { reference, opened } = weights.getState();
  const found = specOf(reference, opened);
  const from = typeof found === 'string' ? found : JSON.stringify(found);
  if (known?.from !== from) known = { from, made: typeof found === 'string' ? unknown(found) : networkOf(...found) };
  if (network.getState() === known.made) return;
  described = known.made.entry === CUSTOM ? known.made.spec : described;
  network.setState(known.made, true);
}

type Held = readonly [held: NetworkSpec, train?: NetworkSpec];

function unknown(problem: string): Network {
  return { entry: CUSTOM, settings: {}, inputSize: '', spec: null, held: null, problem };
}

/** The network that weights hold, in their form and as it was before a merge where that is known; or why it is not known. */
function specOf(reference: WeightsReference, opened: readonly OpenedCheckpoint[]): Held | string {
  switch (reference.kind) {
    case 'bundled':
      return [buildModel(reference.name)];
    case 'run': {
      const run = runs.getState().list.find(({ name }) => name === reference.run);
      if (!run) return `The run ${reference.run} is not listed yet.`;
      const merged = run.checkpoints.some(({ file, form }) => file === reference.checkpoint && form === 'merged');
      return merged ? [mergedSpec(run.config.spec), run.config.spec] : [run.config.spec];
    }
    case 'file': {
      const file = fileOf({ reference, opened });
      if (!file) return 'These weights are no longer open; open their file again.';
      if (file.recognised) return [file.recognised.spec];
      return `Which network ${file.fileName} holds is not known, so that its layers cannot be counted or trained.`;
    }
    default:
      return assertNever(reference);
  }
}

/** A network by the entry of the zoo and the settings that give it, else as a description. */
function networkOf(held: NetworkSpec, spec = held): Network {
  const { recognised } = recognise(parametersOf(spec).map(({ name, shape }) => ({ name, shape, dtype: 'float32' })));
  const { model, settings } = recognised ?? { model: spec.name, settings: {} };
  const ways = zoo.some(({ name }) => name === model)
    ? ['', inputSizeText(spec.input)].map((inputSize) => built({ entry: model, settings, inputSize, described: null }))
    : [];
  const gives = (way: Network): boolean => way.spec !== null && formsOf(way.spec).some((form) => isSame(form, spec));
  return { ...(ways.find(gives) ?? { entry: CUSTOM, settings: {}, inputSize: '', spec, problem: null }), held };
}

/** Whether two descriptions say the same, in whatever order of their fields. */
function isSame(a: NetworkSpec, b: NetworkSpec): boolean {
  const sorted = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value;
  return JSON.stringify(a, sorted) === JSON.stringify(b, sorted);
}
