// Training steps of any network by its gradients alone, so that what two backends make of one network can be told apart layer
// by layer. Runs in Node and, bundled, in a page.
import { openBackend } from '../src-shared/compute/backend/choose';
import { createSession } from '../src-shared/compute/session/create-session';
import { initialWeights } from '../src-shared/model/initialise';
import type { NetworkSpec } from '../src-shared/model/spec';
import { toFloat64 } from '../src-shared/tensor/convert';
import { normalArray, randomFrom, seed } from '../src-shared/tensor/random';
import type { BackendName } from '../src-shared/training/recipe/recipe';
import { recipe } from '../src-shared/training/recipe/recipes';

export interface PlainSteps {
  readonly losses: readonly number[];
  /** Of each parameter that is trained, and of each running statistic: values after the steps less those before. */
  readonly changes: readonly (readonly [name: string, values: readonly number[]])[];
}

/** Two steps of SGD without momentum and decay on four random pictures of ten classes, at a rate that keeps the network near its start. */
export async function plainSteps(spec: NetworkSpec, backend: BackendName): Promise<PlainSteps> {
  await openBackend(backend);
  const weights = initialWeights(spec, seed(1));
  const optimizer = { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 } as const;
  const session = createSession({ spec, weights, recipe: { ...recipe('cifar-paper'), optimizer }, seed: seed(1), backend });
  const { channels, height, width } = spec.input;
  const targets = Float32Array.from({ length: 40 }, (_, i) => Number(i % 10 === Math.floor(i / 10)));
  const images = normalArray(randomFrom(seed(2)), 4 * channels * height * width, 1);
  const losses: number[] = [];
  for (let step = 0; step < 2; step++)
    losses.push((await session.step({ images, shape: [4, channels, height, width], targets }, 0.01).read()).loss);
  const after = await session.weights();
  session.dispose();
  const changes = [...after].flatMap(([name, tensor]) => {
    const before = weights.get(name);
    if (tensor.dtype !== 'float32' || !before) return [];
    const start = toFloat64(before);
    return [[name, Array.from(toFloat64(tensor), (value, i) => value - start[i])] as const];
  });
  return { losses, changes };
}
