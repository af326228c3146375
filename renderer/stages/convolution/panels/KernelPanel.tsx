// The kernel: its weights as fields that can be typed in and dragged, and kernels known by name. A weight that is followed is ringed.
import type { Marks, WeightPosition } from '@shared/merge/convolution/positions';
import type { SceneModel } from '@shared/merge/convolution/scene-model';
import { kernelSize, type SceneKernel } from '@shared/matrix/convolution-scene';
import { Choice, Segments } from '../../../ui/controls';
import { KERNEL_PRESETS, presetOf } from '../kernel-presets';
import { changeScene, follow, setWeight, shown, showPart } from '../scene';
import type { Paint } from '../pictures/grid';
import { useSignedPaint } from '../pictures/paints';
import { kernelName } from './part-names';
import { WeightField } from './WeightField';

interface KernelPanelProps {
  readonly model: SceneModel;
  readonly marks: Marks;
  readonly edited: number;
  /** Largest magnitude of the matrices: a weight has the colour that it has there. */
  readonly limit: number;
}

export function KernelPanel({ model, marks, edited, limit }: KernelPanelProps) {
  const paint = useSignedPaint(limit);
  const { kernels } = model.scene;
  const at = Math.min(edited, kernels.length - 1);
  const kernel = kernels[at];
  return (
    <section className="kernel-panel" aria-label="Kernel" data-testid="convolution-kernel">
      <div className="row">
        <h3>Kernel</h3>
        {kernels.length > 1 && (
          <Segments
            label="Kernel to change"
            value={String(at)}
            options={kernels.map((one, k) => [String(k), kernelName(one)] as const)}
            onChange={(k) => shown.setState({ edited: Number(k) })}
            testId="convolution-edited"
          />
        )}
      </div>
      {kernel.kind === 'identity' ? (
        <p className="faint">The input itself, passed on: a kernel with one weight, which is 1.</p>
      ) : (
        <Planes model={model} marks={marks} kernel={kernel} at={at} paint={paint} />
      )}
    </section>
  );
}

interface PlanesProps {
  readonly model: SceneModel;
  readonly marks: Marks;
  readonly kernel: Extract<SceneKernel, { kind: 'weights' }>;
  readonly at: number;
  readonly paint: Paint;
}

function Planes({ model, marks, kernel, at, paint }: PlanesProps) {
  const { O, C, groups } = model.sizes;
  const channels = C / groups;
  const o = Math.min('o' in model.scene.follow ? model.scene.follow.o : (marks.outputs[0]?.o ?? 0), O - 1);
  return (
    <>
      {O > 1 && (
        <Segments
          label="Output channel of the kernel"
          value={String(o)}
          options={Array.from({ length: O }, (_, k) => [String(k), `output ${k}`] as const)}
          onChange={(k) => followWeight(model, at, { o: Number(k), c: 0, u: kernel.K >> 1, v: kernel.K >> 1 })}
        />
      )}
      <div className="kernel-planes">
        {Array.from({ length: channels }, (_, c) => (
          <Plane key={c} model={model} marks={marks} kernel={kernel} at={at} paint={paint} o={o} c={c} />
        ))}
      </div>
      {kernel.K === 3 && <Presets kernel={kernel} at={at} plane={o * channels} />}
    </>
  );
}

function Plane({ model, marks, kernel, at, paint, o, c }: PlanesProps & { readonly o: number; readonly c: number }) {
  const { K, weight } = kernel;
  const { C, O, groups } = model.sizes;
  const first = (o * (C / groups) + c) * K * K;
  const inset = insetOf(model, kernel);
  const ringed = new Set(marks.weights.filter((one) => one.o === o && one.c === c).map(({ u, v }) => (u - inset) * K + v - inset));
  const several = C / groups > 1 || O > 1;
  const following = model.scene.follow.kind === 'weight';
  return (
    <div>
      {several && <small className="faint">{`from input ${Math.floor(o / (O / groups)) * (C / groups) + c}`}</small>}
      <div className={`kernel-plane of-${K}`} style={{ gridTemplateColumns: `repeat(${K}, minmax(0, 1fr))` }}>
        {Array.from({ length: K * K }, (_, k) => (
          <WeightField
            key={k}
            label={`Weight, row ${Math.floor(k / K)}, column ${k % K}${several ? `, input ${c} to output ${o}` : ''}`}
            testId={`weight-${o}-${c}-${Math.floor(k / K)}-${k % K}`}
            value={weight[first + k]}
            colour={paint(weight[first + k])}
            decimals={K > 3 ? 2 : 4}
            ringed={following && ringed.has(k)}
            onFocus={() => following && followWeight(model, at, { o, c, u: Math.floor(k / K), v: k % K })}
            onChange={(value) => setWeight(at, first + k, value)}
          />
        ))}
      </div>
    </div>
  );
}

/** How far a kernel's first weight is from the first of the kernel in the middle. */
function insetOf({ shown: part, sizes }: SceneModel, kernel: SceneKernel): number {
  return ((part.kernel?.K ?? sizes.K) - kernelSize(kernel)) / 2;
}

/** Follows a weight of kernel `at`, where the middle shows that kernel or a sum it is in. */
function followWeight(model: SceneModel, at: number, { o, c, u, v }: WeightPosition): void {
  const { matrix } = model.scene;
  const inset = typeof matrix === 'number' ? 0 : insetOf(model, model.scene.kernels[at]);
  if (typeof matrix === 'number' && matrix !== at) showPart(at);
  follow({ kind: 'weight', o, c, u: u + inset, v: v + inset });
}

/** Sets all nine weights of the first plane of the output that is shown; the other planes stay as they are. */
function Presets({ kernel, at, plane }: { readonly kernel: PlanesProps['kernel']; readonly at: number; readonly plane: number }) {
  const own = kernel.weight.slice(plane * 9, plane * 9 + 9);
  const known = presetOf(own);
  const choose = (id: string): void => {
    const preset = KERNEL_PRESETS.find((one) => one.id === id);
    if (!preset) return;
    const weight = kernel.weight.map((value, k) => (k >= plane * 9 && k < plane * 9 + 9 ? preset.weight[k - plane * 9] : value));
    const { model } = shown.getState();
    changeScene({ kernels: model?.scene.kernels.map((one, k) => (k === at ? { ...kernel, weight } : one)) });
  };
  const options = KERNEL_PRESETS.map(({ id, label }) => [id, label] as const);
  return (
    <Choice
      label="A kernel by name"
      hint={known?.says}
      value={known?.id ?? 'own'}
      options={known ? options : [['own', 'your own'], ...options]}
      onChange={choose}
      testId="kernel-preset"
    />
  );
}
