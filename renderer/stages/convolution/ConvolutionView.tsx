// A convolution is a sparse matrix: the picture on the left, the matrix in the middle, the output on the right, and the arithmetic of
// what is followed in all three.
import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { cellCounts } from '@shared/merge/convolution/arithmetic';
import { marksOf } from '@shared/merge/convolution/positions';
import type { SceneModel } from '@shared/merge/convolution/scene-model';
import { askForStep } from '../../studio/asked-step';
import { goTo } from '../../studio/navigation';
import { BUNDLED, chooseWeights } from '../../studio/network/weights';
import { connection } from '../../studio/studio';
import { Stage } from '../../studio/Stage';
import { ScaleBar } from '../../ui/HeatMap';
import { CHAPTER_RECORDS } from './chapters';
import { FoldView } from './fold/FoldView';
import { Arithmetic } from './panels/Arithmetic';
import { ChapterBar, ChapterText } from './panels/ChapterBar';
import { ChapterControls } from './panels/ChapterControls';
import { KernelPanel } from './panels/KernelPanel';
import { NormPanel } from './panels/NormPanel';
import { Equality, PartBar, useParts } from './panels/PartBar';
import { partName } from './panels/part-names';
import { SettingsPanel } from './panels/SettingsPanel';
import { Transport } from './panels/Transport';
import { InputPictures } from './pictures/InputPictures';
import { MatrixPicture } from './pictures/MatrixPicture';
import { OutputPictures } from './pictures/OutputPictures';
import { largestOf } from './pictures/paints';
import { useRoomForMatrix } from './pictures/useRoomForMatrix';
import { readShown, shown, type Shown } from './scene';
import './convolution.css';
import './panels.css';

export function ConvolutionView() {
  const state = useStore(shown);
  const connected = useStore(connection, ({ client }) => client !== null);
  useEffect(() => void readShown(), [connected]);
  useEffect(() => () => shown.setState({ playing: false }), []);
  return (
    <Stage name="convolution">
      <div className="convolution" data-help-page={CHAPTER_RECORDS[state.scene.chapter].help}>
        <ChapterBar chapter={state.scene.chapter} />
        <ChapterText chapter={state.scene.chapter} />
        {state.problem && <p className="says-error" role="alert">{`This view cannot be shown: ${state.problem}`}</p>}
        {state.model ? <Scene state={state} model={state.model} /> : !state.problem && <p className="empty">Reading</p>}
      </div>
    </Stage>
  );
}

function Scene({ state: { tool, ink, edited }, model }: { readonly state: Shown; readonly model: SceneModel }) {
  const marks = useMemo(() => marksOf(model), [model]);
  const parts = useParts(model);
  const folding = model.scene.chapter === 'fold';
  const pictures = useRoomForMatrix(`${model.scene.chapter} ${parts.matrices.size}`);
  return (
    <>
      <div className="three-pictures" ref={pictures}>
        <section className="side-column" aria-label="Input">
          <Heading title="Input x" says={`${channelText(model.sizes.C)}${model.sizes.h} × ${model.sizes.w}`} />
          <InputPictures model={model} marks={marks} tool={tool} />
          <KernelPanel model={model} marks={marks} edited={edited} limit={parts.limit} />
        </section>
        <section className="middle-column" aria-label="Matrix">
          <MatrixHeading model={model} limit={parts.limit} />
          <div className={parts.matrices.size > 1 ? 'matrix-row with-parts' : 'matrix-row'}>
            {folding ? <FoldView model={model} limit={parts.limit} /> : <MatrixPicture model={model} marks={marks} limit={parts.limit} />}
            <PartBar model={model} parts={parts} />
          </div>
          <div className="sum-row">
            <ChapterControls scene={model.scene} />
            <Equality model={model} />
          </div>
          <Transport model={model} />
        </section>
        <section className="side-column" aria-label="Output">
          <Heading title="Output y = M x" says={`${channelText(model.sizes.O)}${model.sizes.Ho} × ${model.sizes.Wo}`} />
          <OutputPictures model={model} marks={marks} />
          <ScaleBar range={[-largestOf(model.output), largestOf(model.output)]} />
          <Arithmetic model={model} />
        </section>
      </div>
      {model.scene.chapter === 'fc' && <ToMerge />}
      <NormPanel model={model} edited={edited} />
      <SettingsPanel model={model} tool={tool} ink={ink} />
      <HowTo />
    </>
  );
}

function Heading({ title, says }: { readonly title: string; readonly says: string }) {
  return (
    <h2 className="picture-heading">
      {title} <small>{says}</small>
    </h2>
  );
}

function channelText(channels: number): string {
  return channels > 1 ? `${channels} channels of ` : '';
}

function MatrixHeading({ model, limit }: { readonly model: SceneModel; readonly limit: number }) {
  const { sizes, shown: part, scene } = model;
  const { all, reached } = useMemo(() => cellCounts(model), [model]);
  const name = partName(scene, part.part);
  const dense = part.part === 'fc' || (part.part === 'whole' && scene.fc !== null);
  const filled = dense ? 'every cell has a number' : `${reached} of ${all} cells reached`;
  return (
    <div className="matrix-heading">
      <Heading title={name === 'Matrix' ? 'Matrix M' : `Matrix M: ${name}`} says={`${sizes.rows} × ${sizes.columns}, ${filled}`} />
      <ScaleBar range={[-limit, limit]} />
    </div>
  );
}

/** From one pair of channels to the whole merge of the network. */
function ToMerge() {
  const show = (): void => {
    chooseWeights(BUNDLED);
    askForStep('conv-to-fc');
    goTo('merge');
  };
  return (
    <button type="button" className="button to-merge" data-testid="convolution-to-merge" onClick={show}>
      See this step of the whole network in Merge
    </button>
  );
}

/** How the pictures are used, for whoever cannot see that they can be pressed. */
function HowTo() {
  return (
    <div className="unseen">
      <p id="how-to-move">Arrow keys move what is followed; Home and End go to the first and the last.</p>
      <p id="how-to-paint">Arrow keys move the pixel; Enter or Space paints it; a digit paints that value.</p>
    </div>
  );
}
