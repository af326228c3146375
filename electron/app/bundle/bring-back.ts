// The output folder of a PyTorch training (train.py of a bundle, or timm) as a run: curves, arguments and the checkpoints at the
// ends of epochs, of one set of weights. Invariant: the folder is only read; which of averaged and raw weights a run holds was said.
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '@shared/base/user-error';
import { jsonText } from '@shared/base/named-numbers';
import { parsedJson } from '@shared/base/stored-version';
import { canonicalTensors, canonicalise } from '@shared/model/canonical/canonical';
import { parseNetworkSpec } from '@shared/model/schema';
import { checkWeights } from '@shared/model/fit';
import type { NetworkSpec } from '@shared/model/spec';
import { checkpointNames, CHECKPOINT_FOLDER } from '@shared/run/checkpoints';
import { lineOf, METRICS_HEADER, metricsOf } from '@shared/run/metrics';
import { parseRunRecord, type CheckpointRecord, type RunRecord } from '@shared/run/run';
import { seed } from '@shared/tensor/random';
import type { TrainingEvent } from '@shared/training/recipe/event';
import { openCheckpointFile, writeCheckpointFile, writeFileAtomically } from '../../files';
import { networkOf, specMetadata } from '../../files/checkpoint-network';
import { METRICS_FILE, RUN_FILE, textIn } from '../../runs/read';
import { STUDIO_VERSION } from '../../files/version';
import { setMetadata } from '../checkpoint/weight-sets-text';
import { parseArgs, recipeOf, type TrainingArgs } from './args-yaml';
import { summaryEvents } from './timm-summary';

export const ARGS_FILE = 'args.yaml';
const SUMMARY_FILE = 'summary.csv';
const SETS = { raw: 'state_dict', ema: 'state_dict_ema' } as const;
export type WeightsKind = keyof typeof SETS;

/** Averaged and raw weights are both there, and nobody said which a run is to be made of. */
export class WhichWeights extends UserError {}

export interface BroughtBack {
  readonly folder: string;
  readonly record: RunRecord;
  /** What there is to be said of what was left out. */
  readonly remarks: readonly string[];
}

/** Whether a folder is what a PyTorch training wrote. */
export async function isPyTorchOutput(folder: string): Promise<boolean> {
  return stat(join(folder, ARGS_FILE)).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

/** Makes the run folder `out`, whole or not at all. Rejects with WhichWeights where that is to be asked, and UserError naming what is wrong. */
export async function bringBack(from: string, out: string, weights: WeightsKind | null): Promise<BroughtBack> {
  const [source, folder] = [resolve(from), resolve(out)];
  if ((await readdir(folder).catch(() => null)) !== null) throw new UserError(`${folder}: is there already; choose another name`);
  const training = await readTraining(source);
  const kind = await chosenWeights(source, training, weights);
  await mkdir(dirname(folder), { recursive: true });
  const made = await mkdtemp(`${folder}.`);
  try {
    await chmod(made, 0o755);
    const record = await writeRun(made, basename(folder), source, training, kind);
    await rename(made, folder);
    return { folder, record, remarks: training.remarks };
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    throw error;
  }
}

interface SavedEpoch {
  readonly epoch: number;
  readonly name: string;
}

interface Training {
  readonly args: TrainingArgs;
  readonly spec: NetworkSpec;
  readonly events: readonly TrainingEvent[];
  readonly saved: readonly SavedEpoch[];
  readonly finished: boolean;
  readonly remarks: readonly string[];
}

async function readTraining(folder: string): Promise<Training> {
  const text = await textIn(folder, ARGS_FILE);
  if (text === null) throw new UserError(`${folder}: has no ${ARGS_FILE}; give the folder that train.py wrote (its --output)`);
  const args = parseArgs(text, join(folder, ARGS_FILE));
  const metrics = await textIn(folder, METRICS_FILE);
  const summary = metrics === null ? await textIn(folder, SUMMARY_FILE) : null;
  const events =
    metrics !== null ? metricsOf(metrics, join(folder, METRICS_FILE)) : summaryEvents(summary ?? '', join(folder, SUMMARY_FILE));
  const names = await readdir(folder);
  // timm counts epochs from 0.
  const saved = savedEpochs(names, metrics === null ? 1 : 0);
  if (saved.length === 0)
    throw new UserError(`${folder}: has no checkpoint-N.pth.tar; wait for the end of an epoch that is kept (checkpoint_every_epochs)`);
  const known = events.filter((event) => isUpTo(event, saved[saved.length - 1].epoch));
  return {
    args,
    spec: await specOf(folder, saved[0].name),
    events: known,
    saved,
    finished: saved[saved.length - 1].epoch >= args.epochs || names.includes('finished'),
    remarks:
      known.length < events.length
        ? [
            `what came after epoch ${saved[saved.length - 1].epoch}, the last that is kept, is left out: bring it back again when there is more`,
          ]
        : [],
  };
}

const isUpTo = (event: TrainingEvent, epoch: number): boolean => 'epoch' in event && event.epoch <= epoch;

function savedEpochs(names: readonly string[], first: number): SavedEpoch[] {
  return names
    .flatMap((name) => {
      const [, number] = /^checkpoint-(\d{1,7})\.pth\.tar$/.exec(name) ?? [];
      return number === undefined ? [] : [{ epoch: Number(number) + first, name }];
    })
    .sort((a, b) => a.epoch - b.epoch);
}

/** The network that spec.json beside the weights describes, else the one they are. */
async function specOf(folder: string, checkpoint: string): Promise<NetworkSpec> {
  const text = await textIn(folder, 'spec.json');
  if (text !== null) return described(text, join(folder, 'spec.json'));
  const file = await openCheckpointFile(join(folder, checkpoint), undefined, { weights: SETS.raw });
  try {
    const spec = networkOf(file);
    if (spec === null)
      throw new UserError(`${join(folder, checkpoint)}: is no network that is known; put the bundle's spec.json beside it`);
    return spec;
  } finally {
    await file.close();
  }
}

function described(text: string, path: string): NetworkSpec {
  const json = parsedJson(text, path);
  try {
    return parseNetworkSpec(json);
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${path}: ${error.message}`) : error;
  }
}

/** Throws WhichWeights where both kinds are there and none was said, UserError where the one said is not there. */
async function chosenWeights(folder: string, { saved }: Training, said: WeightsKind | null): Promise<WeightsKind> {
  const path = join(folder, saved[saved.length - 1].name);
  const file = await openCheckpointFile(path);
  const hasAverage = file.weightSets.some(({ name }) => name === SETS.ema);
  await file.close();
  if (said === 'ema' && !hasAverage) throw new UserError(`${path}: holds no averaged weights; take the raw ones`);
  if (said === null && hasAverage)
    throw new WhichWeights(
      `${path} holds the weights as trained and their moving average: say which the run is to hold, ema or raw (--weights)`,
    );
  return said ?? 'raw';
}

async function writeRun(folder: string, name: string, source: string, training: Training, kind: WeightsKind): Promise<RunRecord> {
  const { spec, events, saved } = training;
  await mkdir(join(folder, CHECKPOINT_FOLDER));
  const checkpoints: CheckpointRecord[] = [];
  let best = -Infinity;
  for (const { epoch, name: file } of saved) {
    const validation = events.find((event) => event.type === 'epoch' && event.epoch === epoch);
    const found = validation?.type === 'epoch' ? validation.validation : null;
    const isBest = found !== null && found.metric > best;
    if (isBest) best = found.metric;
    const [target] = checkpointNames({ epoch, step: 0 });
    await convert(join(source, file), join(folder, target), spec, kind);
    checkpoints.push({ epoch, step: 0, file: target, stateFile: null, form: 'train', validation: found, best: isBest });
  }
  const record = recordOf(name, source, training, checkpoints);
  await writeFileAtomically(join(folder, METRICS_FILE), `${[METRICS_HEADER, ...events.map(lineOf)].join('\n')}\n`);
  await writeFileAtomically(join(folder, RUN_FILE), `${jsonText(record)}\n`);
  return parseRunRecord(JSON.parse(jsonText(record)), join(folder, RUN_FILE));
}

function recordOf(name: string, source: string, { args, spec, finished }: Training, checkpoints: readonly CheckpointRecord[]): RunRecord {
  const where = join(source, ARGS_FILE);
  const processes = args.world_size === null ? '' : `, ${args.world_size} ${args.world_size === 1 ? 'process' : 'processes'}`;
  return {
    format: 'repmlp-run',
    version: 1,
    name,
    createdAt: new Date().toISOString(),
    state: finished ? 'finished' : 'stopped',
    config: {
      spec,
      dataset: { kind: 'folder', path: args.data ?? args.data_dir ?? source },
      recipe: recipeOf(args, spec.task, where),
      seed: seed(args.seed),
      backend: 'auto',
    },
    backend: 'pytorch',
    device: `PyTorch ${args.torch ?? '(version not written)'} on ${args.device ?? 'a device not written'}${processes}`,
    studioVersion: STUDIO_VERSION,
    tfjsVersion: 'none: trained with PyTorch',
    dataHash: 'not known: trained elsewhere',
    checkpoints,
  };
}

/** One set of weights of a PyTorch checkpoint as a run's file. Throws UserError where it does not fit the network. */
async function convert(from: string, to: string, spec: NetworkSpec, kind: WeightsKind): Promise<void> {
  const file = await openCheckpointFile(from, undefined, { weights: SETS[kind] });
  try {
    const weights = canonicalTensors(canonicalise(file.tensors), await file.readAll());
    checkWeights(spec, weights);
    await writeCheckpointFile(to, weights, { metadata: { ...specMetadata(spec), ...setMetadata(SETS[kind]) } });
  } finally {
    await file.close();
  }
}
