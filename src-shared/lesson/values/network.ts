// Values of the current network, its merge and its training.
import { ledger, type Ledger } from '../../cost/ledger';
import { mergedSpec } from '../../model/merged-spec';
import { isRepBlock, type Form, type NetworkSpec } from '../../model/spec';
import { leavesOf } from '../../model/walk';
import type { World } from '../world';
import { numberValue, textValue, truthValue, type LessonValue } from './value';

export const networkValues: readonly LessonValue[] = [
  textValue('stage', 'the stage that is shown', ({ stage }) => stage),
  textValue('network.name', 'the name of the current network', ({ network }) => network.spec?.name ?? null),
  textValue('network.form', '"train" or "merged": the form its weights are in', ({ network }) => network.spec?.form ?? null),
  textValue('network.weights', '"none", "bundled", "run" or "file": where its weights come from', ({ network }) => network.weights),
  textValue('network.file', 'the name of the file its weights come from', ({ network }) => network.file),
  numberValue('network.groups', 'blocks of other families found in an opened file', ({ network }) => network.groups),
  numberValue('network.blocks', 'how many RepMLP blocks it has; 0 where it is not known as a whole', blockCount),
];

function blockCount({ network: { spec } }: World): number {
  return spec === null ? 0 : leavesOf(spec).filter(({ layer }) => isRepBlock(layer)).length;
}

export const mergeValues: readonly LessonValue[] = [
  truthValue('merge.done', 'whether the network was merged and judged', ({ verdict }) => verdict !== null),
  truthValue('merge.equivalent', 'whether the merged network computes the same function', ({ verdict }) => verdict?.equivalent ?? null),
  numberValue('merge.maxAbs', 'the largest difference of any output', ({ verdict }) => verdict?.maxAbs ?? null),
  numberValue('merge.maxRel', 'that difference, relative to the largest output', ({ verdict }) => verdict?.maxRel ?? null),
  numberValue('merge.tolerance', 'how large a relative difference rounding alone may make', ({ verdict }) => verdict?.tolerance ?? null),
  numberValue('merge.layers', 'how many layers were compared', ({ verdict }) => (verdict ? verdict.layers.length : null)),
  numberValue('merge.wrongLayers', 'how many of them differ by more than the tolerance', ({ verdict }) =>
    verdict ? verdict.layers.filter(({ equivalent }) => !equivalent).length : null,
  ),
  textValue('merge.firstWrong', 'the first layer that differs; "" where none does', ({ verdict }) =>
    verdict ? (verdict.firstDivergentLayer ?? '') : null,
  ),
];

export const trainingValues: readonly LessonValue[] = [
  textValue('training.state', '"running", "paused", "stopped", "finished" or "failed"', ({ training }) => training?.state ?? null),
  numberValue('training.epochs', 'epochs that were finished', ({ training }) => training?.epochs ?? null),
  numberValue('training.metric', 'the validation metric after the last of them, 0 to 1', ({ training }) => training?.metric ?? null),
];

/** A network's ledgers, counted once. */
const counted = new WeakMap<NetworkSpec, Map<Form, Ledger>>();

function ledgerOf({ network: { spec } }: World, form: Form): Ledger | null {
  if (spec === null || (form === 'train' && spec.form === 'merged')) return null;
  const known = counted.get(spec) ?? new Map<Form, Ledger>();
  counted.set(spec, known);
  const found = known.get(form) ?? ledger(form === spec.form ? spec : mergedSpec(spec));
  known.set(form, found);
  return found;
}

const MILLION = 1e6;
const both = (name: string, says: string, of: (ledger: Ledger) => number): LessonValue[] =>
  (['train', 'merged'] as const).map((form) =>
    numberValue(`cost.${form}.${name}`, `${says}, ${form === 'train' ? 'train form' : 'merged form'}`, (world) => {
      const found = ledgerOf(world, form);
      return found === null ? null : of(found);
    }),
  );

export const costValues: readonly LessonValue[] = [
  ...both('params', 'parameters of the network', ({ params }) => params),
  ...both('megaparams', 'millions of parameters', ({ params }) => params / MILLION),
  ...both('macs', 'multiply-accumulates of one input', ({ macs }) => macs),
  ...both('megamacs', 'millions of multiply-accumulates of one input', ({ macs }) => macs / MILLION),
  ...both('layers', 'rows of the ledger', ({ layers }) => layers.length),
  ...both('fc3Params', "parameters of the blocks' matrices (FC3)", (found) => sumOf(found, /\.fc3$/, 'params')),
  ...both('fc3Macs', "multiply-accumulates of the blocks' matrices (FC3)", (found) => sumOf(found, /\.fc3$/, 'macs')),
  ...both('branchParams', 'parameters of the conv branches beside the matrices', (found) => sumOf(found, /\.repconv\d+\.conv$/, 'params')),
  ...both('branchMacs', 'multiply-accumulates of the conv branches', (found) => sumOf(found, /\.repconv\d+\.conv$/, 'macs')),
];

function sumOf({ layers }: Ledger, name: RegExp, what: 'params' | 'macs'): number {
  return layers.filter((row) => name.test(row.name)).reduce((sum, row) => sum + row[what], 0);
}
