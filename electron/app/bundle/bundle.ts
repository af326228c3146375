// A folder that trains a network elsewhere: PyTorch files as they come with the program (assets/bundle), the network as data,
// its recipe and first weights, and numbers computed here that those files must find again. Written whole or not at all.
import { chmod, mkdir, mkdtemp, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Engine } from '@shared/compute/engine';
import { UserError } from '@shared/base/user-error';
import { initialWeights } from '@shared/model/initialise';
import { leavesOf } from '@shared/model/walk';
import type { Watch } from '@shared/tensor/parts';
import type { NamedTensors } from '@shared/tensor/tensor';
import { checkRecipe } from '@shared/training/recipe/fit';
import type { BackendChoice } from '@shared/training/recipe/recipe';
import { bundleTemplate } from '../../files/assets';
import { writeCheckpointFile, writeFileAtomically } from '../../files';
import { specMetadata } from '../../files/checkpoint-network';
import { STUDIO_VERSION } from '../../files/version';
import { computeParity, paritySamples, type Parity } from './parity';
import { readmeText, type Bundled } from './readme';
import { recipeYaml } from './recipe-yaml';

/** What is trained, and how. */
export interface BundleRequest extends Bundled {
  readonly backend: BackendChoice;
}

export interface WrittenBundle {
  readonly folder: string;
  readonly files: readonly string[];
  /** What computed the parity numbers, null where they were not computed. */
  readonly backend: string | null;
  /** Why there are no parity numbers; null where there are. */
  readonly unproved: string | null;
}

/** Copied as they are. */
export const PYTHON_FILES = [
  'net.py',
  'arithmetic.py',
  'data.py',
  'train.py',
  'evaluation.py',
  'record.py',
  'parity.py',
  'merge.py',
] as const;

/** Writes the folder. Rejects with UserError where recipe and network do not fit, or `out` holds anything. */
export async function writeBundle(request: BundleRequest, engine: Engine, out: string, watch?: Watch): Promise<WrittenBundle> {
  const folder = resolve(out);
  checkBundled(request);
  await refuseFull(folder);
  const weights = initialWeights(request.spec, request.seed);
  const parity = await parityOf(request, engine, weights, watch);
  await mkdir(dirname(folder), { recursive: true });
  const made = await mkdtemp(`${folder}.`);
  try {
    // Others of the machine it goes to may read it.
    await chmod(made, 0o755);
    await fill(made, request, weights, parity);
    await rmdir(folder).catch(() => undefined);
    await rename(made, folder);
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    throw error;
  }
  const said = typeof parity === 'string' ? { backend: null, unproved: parity } : { backend: parity.metadata.backend, unproved: null };
  return { folder, files: (await readdir(folder)).sort(), ...said };
}

/** Throws UserError where PyTorch's modules cannot have the network's names, or there is nothing left to train. */
function checkBundled({ spec, recipe }: BundleRequest): void {
  if (spec.form === 'merged') throw new UserError(`${spec.name} is merged; a bundle trains the train form: name that`);
  checkRecipe(spec, recipe);
  if (leavesOf(spec).some(({ path }) => path === ''))
    throw new UserError(`${spec.name} has a layer without a name; give it one, so that its parameters in PyTorch have one`);
}

async function refuseFull(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error.code === 'ENOTDIR' ? new UserError(`${folder}: is a file; a bundle is a folder`) : error;
  });
  if (names.length > 0) throw new UserError(`${folder}: is not empty; choose a folder that is not there yet`);
}

/** The numbers, or why there are none. */
async function parityOf(
  { spec, recipe, seed, backend }: BundleRequest,
  engine: Engine,
  weights: NamedTensors,
  watch?: Watch,
): Promise<Parity | string> {
  const samples = paritySamples(spec);
  if (samples === null)
    return `ten steps of ${spec.name} at ${spec.input.height}x${spec.input.width} need more memory than there is here; a smaller network of the same layers can be proved, for example with --set or --input-size`;
  return computeParity(engine, spec, weights, { recipe, seed, samples, backend }, watch);
}

async function fill(folder: string, request: BundleRequest, weights: NamedTensors, parity: Parity | string): Promise<void> {
  const { spec, recipe, seed } = request;
  const write = (name: string, text: string): Promise<void> => writeFileAtomically(join(folder, name), text);
  for (const name of PYTHON_FILES) await write(name, bundleTemplate(name));
  await write('spec.json', `${JSON.stringify(spec, null, 1)}\n`);
  await write('recipe.yaml', recipeYaml(spec, recipe, seed));
  await write('slurm.sh', bundleTemplate('slurm.sh').replaceAll('{{name}}', basename(spec.name).replaceAll(/[^\w-]/g, '_')));
  await write('README.md', readmeText(request, typeof parity === 'string' ? parity : parity.metadata));
  const metadata = { ...specMetadata(spec), 'repmlp.studio': STUDIO_VERSION };
  await writeCheckpointFile(join(folder, 'initial.safetensors'), weights, { metadata });
  if (typeof parity === 'string') return;
  await writeCheckpointFile(join(folder, 'parity.safetensors'), parity.tensors, {
    metadata: { ...parity.metadata, 'repmlp.studio': STUDIO_VERSION },
  });
}
