// Batch norm before and after it is folded: its four numbers, what they come to, and each weight times s.
import type { ConvolutionScene, SceneNorm } from '@shared/matrix/convolution-scene';
import { normOf, bareWeight, type SceneModel } from '@shared/merge/convolution/scene-model';
import { factorText, valueText } from '@shared/merge/convolution/words';
import { NumberField } from '../../../ui/controls';
import { changeScene } from '../scene';
import { kernelName } from './part-names';

const NUMBERS = ['gamma', 'beta', 'mean', 'variance'] as const;
/** Most weights whose folding is written out. */
const MOST_WEIGHTS = 9;

export function NormPanel({ model, edited }: { readonly model: SceneModel; readonly edited: number }) {
  const { scene } = model;
  if (scene.kernels.every(({ norm }) => norm === null)) return null;
  const at = Math.min(edited, scene.kernels.length - 1);
  const kernel = scene.kernels[at];
  const o = Math.min('o' in scene.follow ? scene.follow.o : 0, scene.O - 1);
  const norm = normOf(kernel);
  return (
    <section className="norm-panel" aria-label="Batch norm" data-testid="convolution-norm">
      <h3>{`Batch norm after ${kernelName(kernel)}${scene.O > 1 ? `, channel ${o}` : ''}`}</h3>
      {kernel.norm && norm ? (
        <>
          <div className="norm-numbers">
            {NUMBERS.map((name) => (
              <NumberField
                key={name}
                label={name}
                value={Number((kernel.norm?.[name][o] ?? 0).toFixed(6))}
                step="any"
                min={name === 'variance' ? 0 : undefined}
                testId={`norm-${name}`}
                onChange={(value) => setNorm(scene, at, name, o, value)}
              />
            ))}
          </div>
          <p className="mono">
            {`s = gamma / √(variance + ${kernel.norm.eps}) = ${valueText(norm.scale[o])}`}
            <br />
            {`t = beta − mean × s = ${valueText(norm.shift[o])}`}
          </p>
          <FoldedWeights weights={bareWeight(kernel, scene)} scale={norm.scale[o]} o={o} outputs={scene.O} />
        </>
      ) : (
        <p className="faint">This kernel has none.</p>
      )}
    </section>
  );
}

function FoldedWeights({
  weights,
  scale,
  o,
  outputs,
}: {
  readonly weights: Float64Array;
  readonly scale: number;
  readonly o: number;
  readonly outputs: number;
}) {
  const each = weights.length / outputs;
  const own = weights.subarray(o * each, (o + 1) * each);
  return (
    <table className="folded-weights">
      <caption className="faint">
        {own.length > MOST_WEIGHTS ? `The first ${MOST_WEIGHTS} of ${own.length} weights` : 'Every weight times s'}
      </caption>
      <tbody>
        <tr>
          <th scope="row">before</th>
          {Array.from(own.subarray(0, MOST_WEIGHTS), (value, k) => (
            <td key={k} className="number">
              {valueText(value)}
            </td>
          ))}
        </tr>
        <tr>
          <th scope="row">{`× ${factorText(scale)}`}</th>
          {Array.from(own.subarray(0, MOST_WEIGHTS), (value, k) => (
            <td key={k} className="number">
              {valueText(value * scale)}
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

function setNorm({ kernels }: ConvolutionScene, at: number, name: keyof Omit<SceneNorm, 'eps'>, o: number, value: number): void {
  changeScene({
    kernels: kernels.map((kernel, k) => {
      if (k !== at || !kernel.norm) return kernel;
      const values = kernel.norm[name].map((old, channel) => (channel === o ? value : old));
      return { ...kernel, norm: { ...kernel.norm, [name]: values } };
    }),
  });
}
