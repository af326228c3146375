// What a lesson that is played without a window has computed for it: scenes read, the bundled network merged and judged, small
// trainings run, all on the engine of the command line.
import type { Engine } from '@shared/compute/engine';
import type { HeadlessLaboratory } from '@shared/lesson/player/headless-commands';
import { BUNDLED_MODEL, trainingConfigOf, type WorldTraining } from '@shared/lesson/world';
import { repBlockAt } from '@shared/merge/block-at';
import { resolveScene } from '@shared/merge/convolution/resolve';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { UserError } from '@shared/base/user-error';
import { datasetsHere } from '../dataset/datasets-here';
import { renderFigure } from '../figure/render';
import { seededInput } from '@shared/proof/seeded-inputs';
import { seed } from '@shared/tensor/random';
import type { TrainingConfig } from '@shared/training/recipe/recipe';
import { readDigits } from '../../datasets/digits-file';
import { bundledCheckpoint } from '../../files/assets';
import { openCheckpointFile } from '../../files';
import { readWeights } from '../checkpoint/loaded-weights';

/** Inputs that both forms are run on, and the seed they are drawn from. */
const [INPUTS, INPUT_SEED] = [4, 1];

/** A laboratory on an engine, which is started at the first computation that needs one. */
export function laboratoryOn(engine: () => Engine): HeadlessLaboratory {
  let read: Promise<WeightedNetwork> | null = null;
  const bundled = (): Promise<WeightedNetwork> => (read ??= readBundled());
  return {
    bundled,
    scene: (scene) => resolveScene(scene, { loadDigits: readDigits, loadBlock: async (path) => blockOf(await bundled(), path) }),
    verdict: (train, merged) =>
      engine().verify({
        train,
        merged,
        input: seededInput(train.spec, INPUTS, seed(INPUT_SEED)),
        inputSource: 'standard normal',
        inputSeed: INPUT_SEED,
        backend: 'auto',
      }),
    figure: async (recipe) => {
      const { bytes } = await renderFigure(recipe, 'svg', { datasets: datasetsHere }, { strip: true });
      return new TextDecoder().decode(bytes);
    },
    train: async (spec, setup) => trainedOn(engine(), trainingConfigOf(spec, setup)),
  };
}

async function readBundled(): Promise<WeightedNetwork> {
  const file = await openCheckpointFile(bundledCheckpoint(BUNDLED_MODEL));
  const { spec, weights } = await readWeights(file, () => file.close());
  if (spec === null)
    throw new UserError(`the checkpoint ${BUNDLED_MODEL} that comes with this program is not known to it: install it again`);
  return { spec, weights };
}

function blockOf({ spec, weights }: WeightedNetwork, path: string) {
  const layer = repBlockAt(spec, path);
  if (layer.kind !== 'repmlp') throw new UserError(`${path} is no block of a pure MLP: scenes show those`);
  return { layer, path, weights };
}

/** Trains in memory, keeping nothing but the metric of the last epoch. */
async function trainedOn(engine: Engine, config: TrainingConfig): Promise<WorldTraining> {
  let [epochs, metric, state, message] = [0, null as number | null, 'running', ''];
  for await (const event of engine.train({ run: `lesson-${config.spec.name}`, config, resume: null })) {
    if (event.type === 'epoch') [epochs, metric] = [event.epoch, event.validation.verification ?? event.validation.metric];
    if (event.type === 'state') [state, message] = [event.state, event.message];
  }
  if (state === 'failed') throw new UserError(`the training failed: ${message}`);
  return { state, epochs, metric };
}
