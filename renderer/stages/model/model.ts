// The chosen network: an entry of the zoo with its hyper-parameters, or a spec that came with weights.
// Invariant: `spec` is what the settings build, or null with `problem` saying why they cannot.
import { createStore } from '../../studio/state';
import type { NetworkSpec } from '@shared/model/spec';
import { parseInputSize, withSizeOf } from '@shared/model/input-size';
import { parseNetworkSpec } from '@shared/model/schema';
import { leavesOf } from '@shared/model/walk';
import { buildModel, type SettingTexts } from '@shared/model/zoo';
import { UserError } from '@shared/base/user-error';
import { messageOf } from '@shared/base/message-of';

export interface Model {
  /** Name of the zoo's entry, or CUSTOM for a description from a file. */
  readonly entry: string;
  /** Settings that differ from the entry's defaults, as typed. */
  readonly settings: SettingTexts;
  /** `N` or `HxW`, as typed, where inputs are of another size than the settings or the description say; else empty. */
  readonly inputSize: string;
  readonly spec: NetworkSpec | null;
  readonly problem: string | null;
}

/** Stands for a network that was described by hand. */
export const CUSTOM = 'custom';

/** The network of the last description from a file. */
let described: NetworkSpec | null = null;

export const model = createStore<Model>(() => built('pure-mlp-small', {}, ''));

export function chooseModel(entry: string): void {
  model.setState(built(entry, {}, ''));
}

/** Takes a network described in JSON. Throws UserError naming the field or layer that is wrong. */
export function takeDescription(text: string, fileName: string): void {
  described = parseNetworkSpec(parseJson(text, fileName));
  model.setState(built(CUSTOM, {}, ''));
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
  const { entry, settings, inputSize } = model.getState();
  const others = Object.fromEntries(Object.entries(settings).filter(([name]) => name !== key));
  model.setState(built(entry, text.trim() === '' ? others : { ...others, [key]: text.trim() }, inputSize));
}

/** Takes the same network for inputs of another size; an empty text goes back to that of the settings or the description. */
export function changeInputSize(text: string): void {
  const { entry, settings } = model.getState();
  model.setState(built(entry, settings, text.trim()));
}

function built(entry: string, settings: SettingTexts, inputSize: string): Model {
  try {
    const own = entry === CUSTOM && described ? described : buildModel(entry, settings);
    const spec = inputSize === '' ? own : withSizeOf(own, parseInputSize('the input size', inputSize));
    leavesOf(spec); // shapes that do not fit are found here, with the layer's name
    return { entry, settings, inputSize, spec, problem: null };
  } catch (error) {
    return { entry, settings, inputSize, spec: null, problem: messageOf(error) };
  }
}
