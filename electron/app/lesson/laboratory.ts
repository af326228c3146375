// What a lesson that is played without a window has computed for it: scenes read, the bundled network merged and judged, small
// trainings run, all on the engine of the command line.
import type { Engine } from '@shared/compute/engine';
import { encodeFigure } from '@shared/figure/encode/encode';
import { curves, type RunCurves } from '@shared/figure/kinds/curves';
import type { HandoutLaboratory, PrintedSample } from '@shared/lesson/handout/laboratory';
import { BUNDLED_MODEL, embeddedData, trainingConfigOf, type WorldTraining } from '@shared/lesson/world';
import { repBlockAt } from '@shared/merge/block-at';
import { resolveScene } from '@shared/merge/convolution/resolve';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { UserError } from '@shared/base/user-error';
import type { Sample } from '@shared/dataset/dataset';
import { labelName } from '@shared/dataset/sample-pixels';
import type { EmbeddedReference } from '@shared/dataset/embedded/embedded';
import { figureRecipe } from '@shared/lesson/picture';
import { encode } from 'fast-png';
import { datasetsHere } from '../dataset/datasets-here';
import { figureAsset } from '../figure/font-files';
import { renderFigure } from '../figure/render';
import { seededInput } from '@shared/proof/seeded-inputs';
import { seed } from '@shared/tensor/random';
import type { TrainingConfig } from '@shared/training/recipe/recipe';
import { readDigits } from '../../datasets/digits-file';
import { openDataset } from '../../datasets/open-dataset';
import { bundledCheckpoint } from '../../files/assets';
import { openCheckpointFile } from '../../files';
import { readWeights } from '../checkpoint/loaded-weights';

/** Inputs that both forms are run on, and the seed they are drawn from. */
const [INPUTS, INPUT_SEED] = [4, 1];

/** A laboratory on an engine, which is started at the first computation that needs one. */
export function laboratoryOn(engine: () => Engine): HandoutLaboratory {
  let last: RunCurves | null = null;
  // Both paths of a check train the same: what has the same configuration comes out the same.
  const trained = new Map<string, ReturnType<typeof trainedOn>>();
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
    train: async (spec, setup) => {
      const config = trainingConfigOf(spec, setup);
      const asked = JSON.stringify(config);
      const { training, run } = await (trained.get(asked) ?? kept(trained, asked, trainedOn(engine(), config)));
      last = run;
      return training;
    },
    curves: () => (last === null ? Promise.resolve(null) : curvesText(last)),
    samples: (data) => printedSamples(embeddedData(data)),
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

/** What is kept under a name. */
function kept<Value>(place: Map<string, Value>, name: string, value: Value): Value {
  place.set(name, value);
  return value;
}

/** Trains in memory, keeping nothing but what each epoch came to. */
async function trainedOn(engine: Engine, config: TrainingConfig): Promise<{ readonly training: WorldTraining; readonly run: RunCurves }> {
  let [epochs, metric, state, message] = [0, null as number | null, 'running', ''];
  const events: RunCurves['epochs'][number][] = [];
  for await (const event of engine.train({ run: `lesson-${config.spec.name}`, config, resume: null })) {
    if (event.type === 'epoch') {
      [epochs, metric] = [event.epoch, event.validation.verification ?? event.validation.metric];
      events.push(event);
    }
    if (event.type === 'state') [state, message] = [event.state, event.message];
  }
  if (state === 'failed') throw new UserError(`the training failed: ${message}`);
  const { name, task } = config.spec;
  return { training: { state, epochs, metric }, run: { run: name, task, epochs: events } };
}

/** The curves of a run that lies in no folder, as the text of an SVG. */
async function curvesText(run: RunCurves): Promise<string> {
  const recipe = figureRecipe({ kind: 'curves', source: { path: run.run } });
  if (recipe.kind !== 'curves') throw new TypeError('the recipe of curves was read as another');
  return new TextDecoder().decode(await encodeFigure(curves.draw(recipe, run), null, 'svg', figureAsset));
}

/** Samples that are printed: as many as are seen at a glance. */
const PRINTED = 24;

async function printedSamples(reference: EmbeddedReference): Promise<{ readonly name: string; readonly samples: PrintedSample[] }> {
  const { train, close } = await openDataset(reference);
  try {
    const shown = Array.from({ length: Math.min(PRINTED, train.count) }, (_, at) => at);
    const samples = await train.read(shown);
    return { name: train.name, samples: samples.map((sample, at) => printed(sample, train.classes, at)) };
  } finally {
    await close?.();
  }
}

function printed(sample: Sample, classes: readonly string[], at: number): PrintedSample {
  const { pixels, width, height, channels } = sample;
  const png = encode({ width, height, data: pixels, channels });
  return { url: `data:image/png;base64,${Buffer.from(png).toString('base64')}`, says: labelName(sample, classes) ?? `scene ${at}` };
}
