// A position map laid on a picture: bright where the layer looks or writes, dark where it does not. The map
// covers one partition and is repeated over the partitions of the feature map.
import { largestOf } from '@shared/base/extremes';
import { useEffect, useMemo, useRef, useState, type FormEvent } from 'react';
import { z } from 'zod';
import { useStore } from 'zustand';
import { openEmbedded } from '@shared/dataset/embedded/embedded';
import { EMBEDDED_NAMES } from '@shared/dataset/reference-schema';
import type { DatasetReference, EmbeddedName } from '@shared/dataset/dataset';
import { lightOf, type Partitions, litPicture } from '@shared/pattern/overlay';
import { seed } from '@shared/tensor/random';
import { dataset } from '../../dataset';
import { useLook } from '../../../studio/looks';
import { attempt } from '../../../studio/notices';
import { chooseImage, shownDetail } from '../detail';
import type { AnalysedBlock } from '../pattern';
import { Choice } from '../../../ui/controls';
import { measured } from '../../../ui/format';
import { placeAxes, useCells } from '../../../ui/HeatMap';
import { CellTable } from '../../../ui/TableBehind';
import { Panel } from '../../../studio/Stage';
import { cellAt, showCell } from '../../matrix';
import type { BothPositions } from './Maps';
import { FigureButton } from '../FigureButton';
import type { ShownPicture } from '@shared/dataset/shown-picture';

const SIZE = 300;

type MapName = 'input' | 'output';
const MAP = { stage: 'pattern', name: 'overlay-map', schema: z.enum(['input', 'output']), first: 'input' as MapName } as const;
const ACROSS_LOOK = { stage: 'pattern', name: 'overlay-partitions', schema: z.number().nullable(), first: null } as const;

interface Props {
  readonly pattern: AnalysedBlock;
  readonly positions: BothPositions;
  readonly group: number | null;
  readonly output: number;
}

export function Overlay({ pattern, positions, group, output }: Props) {
  const image = useStore(shownDetail, (state) => state.image);
  const [map, setMap] = useLook(MAP);
  const [across, setAcross] = useLook(ACROSS_LOOK);
  const partitions = across === null ? pattern.partitions : { down: across, across };
  const unlit = useMemo(() => new Array<number>(pattern.shape.h * pattern.shape.w).fill(1), [pattern]);
  // One light for both pictures: equal energy is equally bright.
  const largest = largestOf(STAGES.flatMap((stage) => positions[stage][map]));
  const tools = <FigureButton kind="overlay" change={{ group, map, ...(across !== null && { partitions: across }) }} />;
  return (
    <Panel title="Laid on a picture" says={image?.title ?? 'choosing a picture'} tools={tools} testId="overlay">
      <div className="stack">
        <div className="row">
          <PictureChoice />
          <Choice label="Map" value={map} options={MAPS} onChange={setMap} testId="overlay-map" />
          <PartitionsChoice across={across} own={partitions} onChange={setAcross} />
        </div>
        <div className="arrays">
          <OverlayCanvas pattern={pattern} light={unlit} partitions={partitions} output={output} label="the picture" />
          {STAGES.map((stage) => (
            <OverlayCanvas
              key={stage}
              pattern={pattern}
              light={lightOf(positions[stage][map], largest)}
              partitions={partitions}
              output={output}
              label={stage}
            />
          ))}
        </div>
        <p className="faint">{`Full light is ${measured(largest)} times the mean energy, in both; no energy leaves 12 % of the light.`}</p>
      </div>
    </Panel>
  );
}

interface PartitionsProps {
  /** Chosen along each side; null: as in the network. */
  readonly across: number | null;
  readonly own: Partitions;
  readonly onChange: (across: number | null) => void;
}

function PartitionsChoice({ across, own, onChange }: PartitionsProps) {
  return (
    <Choice
      label="Partitions along each side"
      value={String(across ?? NETWORK)}
      options={[[NETWORK, `${own.down} × ${own.across}, as in the network`], ...ACROSS]}
      onChange={(text) => onChange(text === NETWORK ? null : Number(text))}
      testId="overlay-partitions"
    />
  );
}

const MAPS = [
  ['input', 'where it looks'],
  ['output', 'where it writes'],
] as const;
const STAGES = ['before', 'after'] as const;
const NETWORK = 'network';
const ACROSS = ['1', '2', '4', '8', '16'].map((count) => [count, count] as const);

interface CanvasProps {
  readonly pattern: AnalysedBlock;
  readonly light: readonly number[];
  readonly partitions: Partitions;
  /** Output channel (share-set) whose cells the picture leads to. */
  readonly output: number;
  readonly label: string;
}

function OverlayCanvas({ pattern: { path, shape }, light, partitions, output, label }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const image = useStore(shownDetail, (state) => state.image);
  useEffect(() => {
    if (image && canvas.current) drawOverlay(canvas.current, image, { light, h: shape.h, w: shape.w, partitions });
  }, [image, light, shape, partitions]);
  const { h, w } = shape;
  const show = (y: number, x: number): void => showCell(path, shape, cellAt(shape, [output, y % h, x % w], [0, y % h, x % w]));
  const cells = useCells(partitions.down * h, partitions.across * w, show);
  return (
    <figure className="heat">
      <div className="heat-picture">
        <canvas
          ref={canvas}
          width={SIZE}
          height={SIZE}
          role="img"
          aria-label={label === 'the picture' ? 'The picture as it is' : `Position map ${label} the merge on the picture`}
          style={{ cursor: 'pointer' }}
          {...cells.handlers}
        />
        {cells.mark}
      </div>
      <figcaption>{label}</figcaption>
      {label !== 'the picture' && (
        <CellTable what={`Position map ${label} the merge`} rows={h} columns={w} values={light} names={placeAxes(h, w)} />
      )}
    </figure>
  );
}

const FOLDER = 'folder';
const FILE = 'file';
type DataName = EmbeddedName | typeof FOLDER | typeof FILE;
const DATA = {
  stage: 'pattern',
  name: 'overlay-data',
  schema: z.enum([...EMBEDDED_NAMES, FOLDER, FILE]),
  first: 'shapes' as DataName,
} as const;
const PICTURE = { stage: 'pattern', name: 'overlay-picture', schema: z.string(), first: 'sample 0' } as const;

/** A class's mean or one sample of an embedded data set, or of the folder chosen in the dataset stage; or an image file. */
function PictureChoice() {
  const chosen = useStore(dataset, (state) => state.reference);
  const [kept, setName] = useLook(DATA);
  const [shown, setShown] = useLook(PICTURE);
  // The folder that was looked at may not be the chosen data set any more.
  const name = kept === FOLDER && chosen.kind !== 'folder' ? 'shapes' : kept;
  const folder = useStore(shownDetail, (state) => state.folder);
  useDatasetPicture(name, chosen, shown);
  const data: (readonly [DataName, string])[] = EMBEDDED_NAMES.map((one) => [one, one] as const);
  if (chosen.kind === 'folder') data.push([FOLDER, chosen.path]);
  data.push([FILE, 'an image file']);
  return (
    <>
      <Choice
        label="Data"
        value={name}
        options={data}
        onChange={(next) => {
          setName(next);
          if (next !== FILE) setShown('sample 0');
        }}
        testId="overlay-data"
      />
      {name === FILE ? (
        <FileChoice />
      ) : (
        <Choice
          label="Picture"
          value={shown}
          options={name === FOLDER ? folderOptions(folder) : pictureOptions(name)}
          onChange={setShown}
          testId="overlay-picture"
        />
      )}
    </>
  );
}

/** Shows the class's mean ("class 3") or sample ("sample 3") of the data set; a file shows itself. */
function useDatasetPicture(name: DataName, chosen: DatasetReference, shown: string): void {
  const reference = useMemo((): DatasetReference | null => {
    if (name === FILE) return null;
    return name === FOLDER ? chosen : { kind: 'embedded', name, seed: seed(1) };
  }, [name, name === FOLDER && chosen]);
  useEffect(() => {
    if (!reference) return;
    const [kind, index] = shown.split(' ');
    const of = kind === 'class' ? { classMean: Number(index) } : { sample: Number(index) };
    void attempt(() => chooseImage({ dataset: reference, of }));
  }, [reference, shown]);
}

/** Path of the image file that was opened; empty before. */
const FILE_LOOK = { stage: 'pattern', name: 'overlay-file', schema: z.string(), first: '' } as const;
const FILE_HINT = "A .png or .jpg file on the service's machine";

function FileChoice() {
  const [opened, setOpened] = useLook(FILE_LOOK);
  const [path, setPath] = useState(opened);
  useEffect(() => {
    if (opened !== '') void attempt(() => chooseImage({ file: opened }));
  }, [opened]);
  const open = (event: FormEvent) => {
    event.preventDefault();
    setOpened(path.trim());
    // The same path again: what lies there may be another picture by now.
    if (path.trim() === opened) void attempt(() => chooseImage({ file: opened }));
  };
  return (
    <form className="row" onSubmit={open}>
      <input
        type="text"
        size={36}
        aria-label={FILE_HINT}
        placeholder={FILE_HINT}
        value={path}
        data-testid="overlay-file"
        onChange={(event) => setPath(event.target.value)}
      />
      <button type="submit" className="button" disabled={path.trim() === ''}>
        Open
      </button>
    </form>
  );
}

const CLASSES = 12;
const SAMPLES = 8;

function pictureOptions(name: EmbeddedName): (readonly [string, string])[] {
  const { classes, task } = openEmbedded({ kind: 'embedded', name, seed: seed(1) }).train;
  return optionsOf(task === 'segmentation' ? ['all scenes'] : classes, SAMPLES);
}

/** Before the folder's first picture is there, only that one is known. */
function folderOptions(folder: { readonly classes: readonly string[]; readonly count: number } | null): (readonly [string, string])[] {
  return folder ? optionsOf(folder.classes, Math.min(SAMPLES, folder.count)) : optionsOf([], 1);
}

function optionsOf(classes: readonly string[], samples: number): (readonly [string, string])[] {
  return [
    ...classes.slice(0, CLASSES).map((title, index) => [`class ${index}`, `mean: ${title}`] as const),
    ...Array.from({ length: samples }, (_, index) => [`sample ${index}`, `sample ${index}`] as const),
  ];
}

/** A light of h x w values, repeated over the partitions. */
interface RepeatedLight {
  readonly light: readonly number[];
  readonly h: number;
  readonly w: number;
  readonly partitions: Partitions;
}

/** Fills the square canvas with the picture in that light. */
function drawOverlay(canvas: HTMLCanvasElement, image: ShownPicture, { light, h, w, partitions }: RepeatedLight): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const side = canvas.width;
  const pixels = new ImageData(side, side);
  pixels.data.set(litPicture(image, light, { h, w }, partitions, side));
  context.putImageData(pixels, 0, 0);
  partitionLines(context, partitions, side);
}

function partitionLines(context: CanvasRenderingContext2D, { down, across }: Partitions, side: number): void {
  context.strokeStyle = 'rgb(255 255 255 / 60%)';
  for (let part = 1; part < across; part++) context.strokeRect((part * side) / across, -1, side, side + 2);
  for (let part = 1; part < down; part++) context.strokeRect(-1, (part * side) / down, side + 2, side);
}
