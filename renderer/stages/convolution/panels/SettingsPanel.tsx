// Everything that can be changed: the picture, its size, the convolution, what is added. What makes no scene is refused by its field.
import { DRAWN_PICTURES, SAMPLE_SETS, WHITE, type ConvolutionScene, type ScenePicture } from '@shared/matrix/convolution-scene';
import type { SceneModel } from '@shared/merge/convolution/scene-model';
import { pictureText } from '@shared/merge/convolution/pictures';
import { seed } from '@shared/tensor/random';
import { askForFigure } from '../../../studio/asked-figure';
import { attempt } from '../../../studio/notices';
import { Panel } from '../../../studio/Stage';
import { Choice, NumberField, Segments } from '../../../ui/controls';
import { openPicture, openScene, saveScene } from '../files';
import { changeKernels, changeScene, shown, takeTool, type Tool } from '../scene';

interface SettingsPanelProps {
  readonly model: SceneModel;
  readonly tool: Tool;
  readonly ink: number;
}

export function SettingsPanel({ model, tool, ink }: SettingsPanelProps) {
  return (
    <div className="convolution-settings">
      <Panel title="Picture" says={pictureText(model.scene.picture, model.scene)} testId="convolution-picture-panel">
        <PictureFields scene={model.scene} tool={tool} ink={ink} />
      </Panel>
      <Panel title="Convolution">
        <ConvolutionFields scene={model.scene} />
      </Panel>
      <Panel title="What is added">
        <AddedFields model={model} />
      </Panel>
    </div>
  );
}

/** Samples of an embedded set that can be leafed through here. */
const MOST_SAMPLES = 399;

function PictureFields({ scene, tool, ink }: { readonly scene: ConvolutionScene } & Omit<SettingsPanelProps, 'model'>) {
  const { picture } = scene;
  const value = picture.kind === 'drawn' ? picture.name : picture.kind === 'sample' ? picture.of : 'own';
  const options = [
    ...DRAWN_PICTURES.map((name) => [name, `Drawn: ${name}`] as const),
    ...SAMPLE_SETS.map((name) => [name, `Sample of ${name}`] as const),
    ...(picture.kind === 'values' ? ([['own', 'Painted, or your own']] as const) : []),
  ];
  return (
    <div className="stack">
      <div className="row">
        <Choice label="Picture" value={value} options={options} onChange={choosePicture} testId="convolution-picture" />
        {picture.kind === 'sample' && (
          <NumberField
            label="Sample"
            value={picture.index}
            min={0}
            max={MOST_SAMPLES}
            testId="convolution-sample"
            onChange={(index) => changeScene({ picture: { ...picture, index } })}
          />
        )}
        <button type="button" className="button" data-testid="convolution-own-picture" onClick={() => void attempt(openPicture)}>
          Own image
        </button>
      </div>
      <ToolFields tool={tool} ink={ink} />
    </div>
  );
}

function ToolFields({ tool, ink }: Pick<SettingsPanelProps, 'tool' | 'ink'>) {
  return (
    <div className="row">
      <Segments
        label="What pressing on the input does"
        value={tool}
        options={[
          ['follow', 'Move'],
          ['paint', 'Paint'],
        ]}
        onChange={takeTool}
        testId="convolution-tool"
      />
      {tool === 'paint' && (
        <label className="row faint">
          {`Value ${ink}`}
          <input
            type="range"
            min={0}
            max={WHITE}
            value={ink}
            aria-label="Value to paint"
            data-testid="convolution-ink"
            onChange={({ target }) => shown.setState({ ink: Number(target.value) })}
          />
        </label>
      )}
    </div>
  );
}

function choosePicture(name: string): void {
  const drawn = DRAWN_PICTURES.find((one) => one === name);
  const of = SAMPLE_SETS.find((one) => one === name);
  const picture: ScenePicture | null = drawn ? { kind: 'drawn', name: drawn } : of ? { kind: 'sample', of, index: 0, seed: seed(1) } : null;
  if (picture) changeScene({ picture });
}

const SIZES = [
  { name: 'h', label: 'Height', min: 2, max: 14 },
  { name: 'w', label: 'Width', min: 2, max: 14 },
  { name: 'pad', label: 'Padding', min: 0, max: 4 },
  { name: 'stride', label: 'Stride', min: 1, max: 4 },
  { name: 'C', label: 'Input channels', min: 1, max: 4 },
  { name: 'O', label: 'Output channels', min: 1, max: 4 },
  { name: 'groups', label: 'Groups', min: 1, max: 4 },
] as const;

function ConvolutionFields({ scene }: { readonly scene: ConvolutionScene }) {
  return (
    <div className="settings-grid sizes">
      {SIZES.map(({ name, label, min, max }) => (
        <NumberField
          key={name}
          label={label}
          value={scene[name]}
          min={min}
          max={max}
          testId={`convolution-${name}`}
          onChange={(value) => changeScene({ [name]: value })}
        />
      ))}
    </div>
  );
}

const MOST_KERNELS = 4;

function AddedFields({ model }: { readonly model: SceneModel }) {
  const { scene } = model;
  const { kernels, fc } = scene;
  const fcValue = fc === null ? 'none' : fc.kind === 'seeded' ? 'seeded' : 'trained';
  return (
    <div className="stack">
      <div className="row">
        <AddKernel model={model} />
        <button
          type="button"
          className="button"
          disabled={kernels.length < 2}
          data-testid="remove-kernel"
          onClick={() => void attempt(() => changeKernels(kernels.slice(0, -1)))}
        >
          Remove the last
        </button>
      </div>
      <NormsField scene={scene} />
      <Choice
        label="Fully-connected layer beside"
        value={fcValue}
        options={[
          ['none', 'none'],
          ['seeded', 'random numbers, untrained'],
          ['trained', 'trained: a layer of the network that comes with the program'],
        ]}
        onChange={(value) => void attempt(() => chooseFc(value))}
        testId="convolution-fc"
      />
      <SceneFiles model={model} />
    </div>
  );
}

function NormsField({ scene }: { readonly scene: ConvolutionScene }) {
  return (
    <label className="row">
      <input
        type="checkbox"
        checked={scene.kernels.some(({ norm }) => norm !== null)}
        data-testid="convolution-norms"
        onChange={({ target }) => void attempt(() => changeScene({ kernels: withNorms(scene, target.checked), folded: false }))}
      />
      A batch norm after each kernel
    </label>
  );
}

function SceneFiles({ model }: { readonly model: SceneModel }) {
  return (
    <div className="row">
      <button type="button" className="button" data-testid="save-scene" onClick={saveScene}>
        Save this view
      </button>
      <button type="button" className="button" data-testid="open-scene" onClick={() => void attempt(openScene)}>
        Open a view
      </button>
      <button
        type="button"
        className="button"
        data-testid="scene-figure"
        onClick={() => askForFigure({ kind: 'convolution', change: { scene: model.scene } })}
      >
        Save figure
      </button>
    </div>
  );
}

function chooseFc(value: 'none' | 'seeded' | 'trained'): void {
  if (value === 'none') changeScene({ fc: null });
  else if (value === 'seeded') changeScene({ fc: { kind: 'seeded', seed: seed(1), deviation: 1 }, matrix: 'whole' });
  else changeScene({ fc: { kind: 'layer', block: 'stage1.mix1', o: 0, c: 0 }, matrix: 'whole' });
}

function AddKernel({ model: { scene } }: { readonly model: SceneModel }) {
  const { kernels, O, C, groups } = scene;
  const add = (which: string): void => {
    const K = which === '1' ? 1 : which === '3' ? 3 : 5;
    // Small whole numbers, different in every place.
    const weight = Array.from({ length: O * (C / groups) * K * K }, (_, k) => (k % 3) - 1 || 1);
    const added =
      which === 'identity' ? ({ kind: 'identity', norm: null } as const) : ({ kind: 'weights', K, weight, norm: null } as const);
    changeKernels([...kernels, added]);
  };
  return (
    <Choice
      label="Add a kernel"
      value=""
      options={[
        ['', kernels.length < MOST_KERNELS ? 'choose' : `${MOST_KERNELS} are the most`],
        ['1', '1 × 1'],
        ['3', '3 × 3'],
        ['5', '5 × 5'],
        ['identity', 'Identity'],
      ]}
      disabled={kernels.length >= MOST_KERNELS}
      onChange={(which) => which !== '' && void attempt(() => add(which))}
      testId="add-kernel"
    />
  );
}

/** Every kernel with a batch norm of plain numbers, or with none. */
function withNorms({ kernels, O }: ConvolutionScene, on: boolean): ConvolutionScene['kernels'] {
  const each = (value: number): number[] => Array.from({ length: O }, () => value);
  const norm = { gamma: each(1.5), beta: each(3), mean: each(4), variance: each(8.99999), eps: 1e-5 };
  return kernels.map((kernel) => ({ ...kernel, norm: on ? (kernel.norm ?? norm) : null }));
}
