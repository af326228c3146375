// From what a format's reader found to what the program works with: one set of weights, chosen by name or the
// usual one, under the network's own names. Wrappers' prefixes and counters are taken off, whatever the format.
import { printable, steers } from '../../base/printable';
import { elementCount, type TensorInfo } from '../../tensor/tensor';
import type { CheckpointDirectory, FoundDirectory, FoundSet, SettingsOfModules, StoredTensor } from '../checkpoint-file';
import { isCounter, isTrainingOnly } from '../beside-network';
import { quoted, refuse } from '../refuse';
import { setsWithTwins } from './twin-sets';
import { setAside } from '../unread';

/** How a file is to be read. */
export interface Choice {
  /** The set of weights to read, by its name or the end of it; the usual one when not given. */
  readonly weights?: string;
  /** Whether a file of one set of weights is read whatever `weights` says: the second of two files may hold its merged form alone. */
  readonly ifSeveral?: boolean;
  /** Whether tensors of these names and shapes are a known network: tells an attribute's prefix from a network's own. */
  readonly isNetwork?: (tensors: readonly TensorInfo[]) => boolean;
}

/** What weights at the root of a file are called. */
export const ROOT_SET = '(root)';

/** Prefixes that change nothing: DataParallel, torch.compile, FSDP, activation checkpointing. */
const WRAPPERS = ['module.', '_orig_mod.', '_fsdp_wrapped_module.', '_forward_module.', '_checkpoint_wrapped_module.'];
/** Attributes under which training frameworks keep a network: taken off where what is left is a network that is known. */
const ATTRIBUTES =
  /^(model|net|network|backbone|encoder|classifier|student|teacher|ema|ema_model|model_ema|averaged_model|inner_model|wrapped_model)$/;
const MOST_PREFIXES = 6;

/** The chosen set of a file. Throws UserError if there is none of that name, or something in it cannot be read. */
export function settle(found: FoundDirectory, choice: Choice = {}): CheckpointDirectory {
  const sets = found.sets.flatMap(setsWithTwins);
  const { weights, ifSeveral = false } = choice;
  const chosen = weights === undefined || (ifSeveral && sets.length === 1) ? sets[0] : namedSet(sets, weights);
  const content = chosen.content();
  const [counters, rest] = divided(content.tensors, ({ name, shape }) => isCounter(name) && elementCount(shape) <= 1);
  const tensors = rest.length > 0 ? rest : content.tensors;
  const { prefix, inside, outside } = unwrapped(tensors, choice);
  const aside = rest.length > 0 ? [...counters, ...outside] : [];
  const asidePhrases = [...aside.map(phrase), ...setAside(content.unread)];
  refuseSteeringNames(tensors);
  if (tensors.length === 0) refuse(content.unread[0]?.refusal ?? 'holds no tensors');
  return {
    format: found.format,
    tensors: inside.map((tensor) => ({ ...tensor, name: tensor.name.slice(prefix.length) })),
    contentBytes: found.contentBytes,
    metadata: found.metadata,
    ...(found.model && { model: found.model }),
    stateDictAt: chosen.name,
    strippedPrefix: prefix,
    setAside: asidePhrases,
    weightSets: sets.map((set) => ({ name: set.name, tensors: set.tensorNames.length, chosen: set === chosen })),
    moduleSettings: settingsBelow(content.settings, prefix),
  };
}

/** No network names a weight so: such a name is there to steer the terminal or page that shows it. */
function refuseSteeringNames(tensors: readonly TensorInfo[]): void {
  const steering = tensors.find(({ name }) => steers(name));
  if (steering)
    refuse(`names a tensor "${printable(steering.name).slice(0, 80)}", with control characters in it: rename it and save it again`);
}

function phrase({ name, dtype, shape }: TensorInfo): string {
  return `${name} (${dtype} ${shape.length === 0 ? 'scalar' : shape.join('x')})`;
}

/** The set called `wanted`, or the only one whose name ends so. */
function namedSet(sets: readonly FoundSet[], wanted: string): FoundSet {
  const exact = sets.find(({ name }) => (name || ROOT_SET) === (wanted || ROOT_SET));
  const ending = sets.filter(({ name }) => name.endsWith(`.${wanted}`));
  if (exact) return exact;
  if (ending.length === 1) return ending[0];
  const list = sets.map(({ name, tensorNames }) => `${name || ROOT_SET} (${tensorNames.length} tensors)`).join(', ');
  return refuse(`holds no set of weights called ${quoted(wanted)}; it holds ${list}`);
}

interface Unwrapped {
  readonly prefix: string;
  readonly inside: readonly StoredTensor[];
  readonly outside: readonly StoredTensor[];
}

/** Takes off what all names have in front of the network's own, and only that. */
function unwrapped(tensors: readonly StoredTensor[], { isNetwork }: Choice): Unwrapped {
  const prefix = wrappersOf(tensors, '');
  const plain: Unwrapped = { prefix, inside: tensors, outside: [] };
  if (!isNetwork) return plain;
  const candidates = attributesOf(tensors, prefix);
  const fits = ({ prefix: taken, inside }: Unwrapped): boolean =>
    isNetwork(inside.map(({ name, dtype, shape }) => ({ name: name.slice(taken.length), dtype, shape })));
  return candidates.length === 0 || fits(plain) ? plain : (candidates.find(fits) ?? plain);
}

/** `prefix` and the wrappers behind it that all names have. */
function wrappersOf(tensors: readonly TensorInfo[], prefix: string): string {
  const wrapper = WRAPPERS.find((candidate) => tensors.every(({ name }) => name.startsWith(prefix + candidate)));
  const isDeep = prefix.split('.').length > MOST_PREFIXES;
  return wrapper === undefined || tensors.length === 0 || isDeep ? prefix : wrappersOf(tensors, prefix + wrapper);
}

/** Ways to take off attributes behind `prefix`: one, or one inside the other; beside it may be what only training needs. */
function attributesOf(tensors: readonly StoredTensor[], prefix: string): Unwrapped[] {
  const firstOf = ({ name }: TensorInfo): string => name.slice(prefix.length).split('.', 1)[0];
  const firsts = new Set(tensors.map(firstOf));
  if (prefix.split('.').length > MOST_PREFIXES || firsts.size > MOST_PREFIXES) return [];
  return [...firsts].flatMap((attribute) => {
    const [inside, outside] = divided(tensors, (tensor) => firstOf(tensor) === attribute);
    if (!ATTRIBUTES.test(attribute) || !outside.every((tensor) => isTrainingOnly(firstOf(tensor)))) return [];
    const taken = wrappersOf(inside, `${prefix}${attribute}.`);
    if (!inside.every(({ name }) => name.startsWith(taken))) return [];
    const deeper = attributesOf(inside, taken).map((more) => ({ ...more, outside: [...outside, ...more.outside] }));
    return [{ prefix: taken, inside, outside }, ...deeper];
  });
}

/** Settings under the names that modules have without the prefix; a wrapper's own are left out. */
function settingsBelow(settings: SettingsOfModules, prefix: string): SettingsOfModules {
  const below = [...settings].filter(([path]) => `${path}.`.startsWith(prefix));
  return new Map(below.map(([path, values]) => [path.slice(prefix.length), values]));
}

function divided<T>(items: readonly T[], test: (item: T) => boolean): [inside: T[], outside: T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
