// The fields of a figure of patterns: which group, channels or picture, and whose patterns are beside each other.
import { useStore } from 'zustand';
import { EMBEDDED_NAMES, openEmbedded } from '@shared/dataset/embedded/embedded';
import type { EmbeddedName } from '@shared/dataset/dataset';
import { PATTERN_KINDS, type FigureRecipe, type FigureSource, type PatternKind, type PatternRecipe } from '@shared/figure/recipe';
import { seed } from '@shared/tensor/random';
import { runs } from '../../studio/runs';
import { BUNDLED, figureSource, labelOf, runFolder, weights } from '../../studio/weights';
import { Choice, NumberField } from '../../ui/controls';

/** Whether a recipe is one of a figure of patterns. */
export function isPattern(recipe: FigureRecipe): recipe is PatternRecipe {
  return PATTERN_KINDS.some((kind) => kind === recipe.kind);
}

interface Props<K extends PatternKind = PatternKind> {
  readonly recipe: Extract<PatternRecipe, { kind: K }>;
  readonly onChange: (recipe: PatternRecipe) => void;
}

export function PatternFields({ recipe, onChange }: Props) {
  return (
    <>
      <SubjectChoice recipe={recipe} onChange={onChange} />
      <KindFields recipe={recipe} onChange={onChange} />
    </>
  );
}

function KindFields({ recipe, onChange }: Props) {
  switch (recipe.kind) {
    case 'locality':
      return null;
    case 'projection':
      return (['outputChannel', 'inputChannel'] as const).map((field) => (
        <NumberField
          key={field}
          label={field === 'outputChannel' ? 'Output channel' : 'Input channel'}
          value={recipe[field]}
          min={0}
          onChange={(value) => onChange({ ...recipe, [field]: value })}
        />
      ));
    case 'rest-vectors':
      return (
        <NumberField
          label="Group"
          hint="RepMLPNet: share-set"
          value={recipe.group}
          min={0}
          onChange={(group) => onChange({ ...recipe, group })}
        />
      );
    case 'position-maps':
    case 'row-kinds':
      return <GroupField recipe={recipe} onChange={onChange} />;
    case 'overlay':
      return (
        <>
          <GroupField recipe={recipe} onChange={onChange} />
          <OverlayFields recipe={recipe} onChange={onChange} />
        </>
      );
  }
}

/** A group by its number, or all of them where none is chosen. */
function GroupField({ recipe, onChange }: Props<'position-maps' | 'row-kinds' | 'overlay'>) {
  return (
    <>
      <Choice
        label="Rows"
        value={recipe.group === null ? 'all' : 'group'}
        options={[
          ['all', 'all groups together'],
          ['group', 'one group (share-set)'],
        ]}
        onChange={(chosen) => onChange({ ...recipe, group: chosen === 'all' ? null : 0 })}
      />
      {recipe.group !== null && (
        <NumberField label="Group" value={recipe.group} min={0} onChange={(group) => onChange({ ...recipe, group })} />
      )}
    </>
  );
}

const ALONE = 'alone';
const EPOCHS = 'epochs';

/** The weights in focus alone, beside others, or their run over its epochs. */
function SubjectChoice({ recipe, onChange }: Props) {
  const list = useStore(runs, (state) => state.list);
  const { opened, reference } = useStore(weights);
  const others: (readonly [FigureSource, string])[] = [
    [figureSource(BUNDLED), labelOf(BUNDLED, [])],
    ...opened.map(({ id, fileName }) => [figureSource({ kind: 'file', id }), fileName] as const),
    ...list.map(({ name }) => [{ path: runFolder(name) }, `run ${name}`] as const),
  ];
  const run = reference.kind === 'run' ? reference.run : null;
  const value = recipe.epochs ? EPOCHS : recipe.against ? sourceKey(recipe.against) : ALONE;
  const choose = (chosen: string): void => {
    const { layer } = recipe.source;
    const source = { ...figureSource(reference), ...(layer !== undefined && { layer }) };
    const alone = { ...recipe, source, against: undefined, epochs: undefined };
    if (chosen === ALONE) onChange(alone);
    else if (chosen === EPOCHS && run !== null) onChange({ ...alone, source: { ...source, path: runFolder(run) }, epochs: true });
    else onChange({ ...alone, against: others.map(([other]) => other).find((other) => sourceKey(other) === chosen) });
  };
  return (
    <Choice
      label="Beside"
      value={value}
      options={[
        [ALONE, 'nothing: before and after the merge'],
        ...(run === null ? [] : [[EPOCHS, `the epochs of ${run}`] as const]),
        ...others.map(([source, label]) => [sourceKey(source), label] as const),
      ]}
      onChange={choose}
      testId="figure-beside"
    />
  );
}

/** Equal for sources that hold the same weights, whatever block of them is drawn. */
function sourceKey({ layer: _, ...same }: FigureSource): string {
  return JSON.stringify(same);
}

function OverlayFields({ recipe, onChange }: Props<'overlay'>) {
  const { picture, partitions, map } = recipe;
  return (
    <>
      <Choice
        label="Map"
        value={map}
        options={[
          ['input', 'where it looks'],
          ['output', 'where it writes'],
        ]}
        onChange={(next) => onChange({ ...recipe, map: next })}
      />
      {'dataset' in picture && picture.dataset.kind === 'embedded' && <PictureFields recipe={recipe} onChange={onChange} />}
      <Choice
        label="Partitions along each side"
        value={String(partitions ?? 'network')}
        options={[['network', 'as in the network'], ...['1', '2', '4', '8', '16'].map((count) => [count, count] as const)]}
        onChange={(text) => onChange({ ...recipe, partitions: text === 'network' ? undefined : Number(text) })}
      />
    </>
  );
}

function PictureFields({ recipe, onChange }: Props<'overlay'>) {
  const { picture } = recipe;
  if (!('dataset' in picture) || picture.dataset.kind !== 'embedded') return null;
  const { dataset, of } = picture;
  const shown = 'sample' in of ? 'sample' : 'classMean';
  const { train } = openEmbedded(dataset);
  const last = (shown === 'sample' ? train.count : train.task === 'segmentation' ? 1 : train.classes.length) - 1;
  const index = 'sample' in of ? of.sample : of.classMean;
  const setOf = (kind: 'sample' | 'classMean', value: number): void =>
    onChange({ ...recipe, picture: { dataset, of: kind === 'sample' ? { sample: value } : { classMean: value } } });
  return (
    <>
      <Choice
        label="Data"
        value={dataset.name}
        options={EMBEDDED_NAMES.map((name) => [name, name] as const)}
        onChange={(name: EmbeddedName) =>
          onChange({ ...recipe, picture: { dataset: { kind: 'embedded', name, seed: seed(1) }, of: { classMean: 0 } } })
        }
      />
      <Choice
        label="Picture"
        value={shown}
        options={[
          ['classMean', 'mean of a class'],
          ['sample', 'a training sample'],
        ]}
        onChange={(kind) => setOf(kind, 0)}
      />
      <NumberField
        label={shown === 'sample' ? 'Sample' : 'Class'}
        hint={shown === 'classMean' ? train.classes[index] : undefined}
        value={index}
        min={0}
        max={last}
        onChange={(value) => setOf(shown, value)}
      />
    </>
  );
}
