// What a chapter is about, to be changed beside the matrix: its one setting, and where the batch norms are.
import type { Chapter, ConvolutionScene } from '@shared/matrix/convolution-scene';
import { attempt } from '../../../studio/notices';
import { Segments } from '../../../ui/controls';
import { changeScene } from '../scene';

type Setting = 'pad' | 'stride' | 'groups';

/** The setting of a chapter, and the values that are offered. */
const SETTINGS: Readonly<Partial<Record<Chapter, { readonly name: Setting; readonly label: string; readonly values: readonly number[] }>>> =
  {
    pad: { name: 'pad', label: 'Padding', values: [0, 1, 2] },
    stride: { name: 'stride', label: 'Stride', values: [1, 2, 3] },
    groups: { name: 'groups', label: 'Groups', values: [1, 2] },
  };

/** In the chapter of the FC all is added already: its norms are inside from the first. */
function offersFolding({ chapter, kernels }: Pick<ConvolutionScene, 'chapter' | 'kernels'>): boolean {
  return chapter !== 'fc' && kernels.some(({ norm }) => norm !== null);
}

export function ChapterControls({ scene }: { readonly scene: ConvolutionScene }) {
  const setting = SETTINGS[scene.chapter];
  return (
    <>
      {setting && (
        <div className="row">
          <b>{setting.label}</b>
          <Segments
            label={setting.label}
            value={String(scene[setting.name])}
            options={[...new Set([...setting.values, scene[setting.name]])].map((value) => [String(value), String(value)] as const)}
            onChange={(value) => void attempt(() => changeScene({ [setting.name]: Number(value) }))}
            testId={`chapter-${setting.name}`}
          />
        </div>
      )}
      {offersFolding(scene) && <FoldedChoice folded={scene.folded} />}
    </>
  );
}

function FoldedChoice({ folded }: Pick<ConvolutionScene, 'folded'>) {
  return (
    <div className="row">
      <b>Batch norm</b>
      <Segments
        label="Where the batch norms are"
        value={folded ? 'folded' : 'apart'}
        options={[
          ['apart', 'After the kernel'],
          ['folded', 'Folded in'],
        ]}
        onChange={(value) => void attempt(() => changeScene({ folded: value === 'folded' }))}
        testId="convolution-folded"
      />
    </div>
  );
}
