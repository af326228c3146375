// A position map laid on a picture: bright where the layer looks or writes, dark where it does not. The map
// covers one partition and is repeated over the partitions of the feature map.
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { EMBEDDED_NAMES, openEmbedded } from '@shared/dataset/embedded';
import type { EmbeddedName } from '@shared/dataset/dataset';
import { seed } from '@shared/tensor/random';
import { attempt } from '../../state/notices';
import { chooseImage, closer } from '../../state/pattern-detail';
import type { AnalysedBlock } from '../../state/patterns';
import { Choice } from '../../ui/controls';
import { Panel } from '../../ui/Stage';
import { cellAt, showCell } from './link';
import type { BothPositions } from './Maps';
import { drawOverlay, partitionsOf, type MapName } from './overlay-picture';

const SIZE = 220;

interface Props {
  readonly pattern: AnalysedBlock;
  readonly positions: BothPositions;
}

export function Overlay({ pattern, positions }: Props) {
  const image = useStore(closer, (state) => state.image);
  const [map, setMap] = useState<MapName>('input');
  const [across, setAcross] = useState<number | null>(null);
  const parts = across ?? partitionsOf(pattern.layer);
  return (
    <Panel title="Laid on a picture" says={image?.title ?? 'choosing a picture'} testId="overlay">
      <div className="stack">
        <div className="row">
          <PictureChoice />
          <Choice label="Map" value={map} options={MAPS} onChange={setMap} testId="overlay-map" />
          <Choice label="Partitions across" value={String(parts)} options={ACROSS} onChange={(text) => setAcross(Number(text))} />
        </div>
        <div className="arrays">
          {(['before', 'after'] as const).map((part) => (
            <OverlayCanvas key={part} pattern={pattern} map={positions[part][map]} parts={parts} label={part} />
          ))}
        </div>
      </div>
    </Panel>
  );
}

const MAPS = [
  ['input', 'where it looks'],
  ['output', 'where it writes'],
] as const;
const ACROSS = ['1', '2', '4', '8', '16'].map((count) => [count, count] as const);

interface CanvasProps {
  readonly pattern: AnalysedBlock;
  readonly map: readonly number[];
  readonly parts: number;
  readonly label: string;
}

function OverlayCanvas({ pattern: { path, shape }, map, parts, label }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const image = useStore(closer, (state) => state.image);
  useEffect(() => {
    if (image && canvas.current) drawOverlay(canvas.current, image, { map, h: shape.h, w: shape.w, parts });
  }, [image, map, shape, parts]);
  const click = (x: number, y: number): void => {
    const position = (along: number, length: number): number => Math.floor(((along / SIZE) * parts * length) % length);
    const [i, j] = [position(y, shape.h), position(x, shape.w)];
    showCell(path, shape, cellAt(shape, [0, i, j], [0, i, j]));
  };
  return (
    <figure className="heat">
      <canvas
        ref={canvas}
        width={SIZE}
        height={SIZE}
        role="img"
        aria-label={`Position map ${label} the merge on the picture`}
        style={{ cursor: 'pointer' }}
        onClick={({ nativeEvent }) => click(nativeEvent.offsetX, nativeEvent.offsetY)}
      />
      <figcaption>{label}</figcaption>
    </figure>
  );
}

/** A class's mean or one sample of an embedded data set. */
function PictureChoice() {
  const [name, setName] = useState<EmbeddedName>('shapes');
  const [shown, setShown] = useState('class 0');
  const reference = { kind: 'embedded', name, seed: seed(1) } as const;
  useEffect(() => {
    const [kind, index] = shown.split(' ');
    const of = kind === 'class' ? { classMean: Number(index) } : { sample: Number(index) };
    void attempt(() => chooseImage({ dataset: reference, of }));
    // The reference is made of the name.
  }, [name, shown]);
  return (
    <>
      <Choice
        label="Data"
        value={name}
        options={EMBEDDED_NAMES.map((one) => [one, one] as const)}
        onChange={(next) => {
          setName(next);
          setShown('class 0');
        }}
        testId="overlay-data"
      />
      <Choice label="Picture" value={shown} options={pictureOptions(name)} onChange={setShown} testId="overlay-picture" />
    </>
  );
}

const CLASSES = 12;
const SAMPLES = 8;

function pictureOptions(name: EmbeddedName): (readonly [string, string])[] {
  const { classes, task } = openEmbedded({ kind: 'embedded', name, seed: seed(1) }).train;
  const means = task === 'segmentation' ? ['all scenes'] : classes.slice(0, CLASSES);
  return [
    ...means.map((title, index) => [`class ${index}`, `mean: ${title}`] as const),
    ...Array.from({ length: SAMPLES }, (_, index) => [`sample ${index}`, `sample ${index}`] as const),
  ];
}
