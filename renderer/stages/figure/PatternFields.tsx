// Fields of figures of patterns that are more than a choice or a number: whose patterns are beside each other, which group,
// which picture.
import { useStore } from 'zustand';
import { openEmbedded } from '@shared/dataset/embedded/embedded';
import { EMBEDDED_NAMES } from '@shared/dataset/reference-schema';
import type { EmbeddedName } from '@shared/dataset/dataset';
import type { FigureSource, PictureSource } from '@shared/figure/recipe';
import type { PatternRecipe } from '@shared/figure/registry';
import { seed } from '@shared/tensor/random';
import { runs } from '../../studio/runs/runs';
import { BUNDLED, figureSource, labelOf, runFolder, weights } from '../../studio/network/weights';
import { Choice, NumberField } from '../../ui/controls';

/** A group by its number, or all of them where none is chosen. */
export function GroupField({ group, onChange }: { readonly group: number | null; readonly onChange: (group: number | null) => void }) {
  return (
    <>
      <Choice
        label="Rows"
        value={group === null ? 'all' : 'group'}
        options={[
          ['all', 'all groups together'],
          ['group', 'one group (share-set)'],
        ]}
        onChange={(chosen) => onChange(chosen === 'all' ? null : 0)}
      />
      {group !== null && <NumberField label="Group" value={group} min={0} onChange={onChange} />}
    </>
  );
}

const ALONE = 'alone';
const EPOCHS = 'epochs';

/** The weights in focus alone, beside others, or their run over its epochs. */
export function SubjectChoice({
  recipe,
  onChange,
}: {
  readonly recipe: PatternRecipe;
  readonly onChange: (recipe: PatternRecipe) => void;
}) {
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

interface PictureFieldsProps {
  readonly picture: PictureSource;
  readonly onChange: (picture: PictureSource) => void;
}

/** A picture of an embedded data set; others are named in the recipe alone. */
export function PictureFields({ picture, onChange }: PictureFieldsProps) {
  if (!('dataset' in picture) || picture.dataset.kind !== 'embedded') return null;
  const { dataset, of } = picture;
  const shown = 'sample' in of ? 'sample' : 'classMean';
  const { train } = openEmbedded(dataset);
  const last = (shown === 'sample' ? train.count : train.task === 'segmentation' ? 1 : train.classes.length) - 1;
  const index = 'sample' in of ? of.sample : of.classMean;
  const setOf = (kind: 'sample' | 'classMean', value: number): void =>
    onChange({ dataset, of: kind === 'sample' ? { sample: value } : { classMean: value } });
  return (
    <>
      <Choice
        label="Data"
        value={dataset.name}
        options={EMBEDDED_NAMES.map((name) => [name, name] as const)}
        onChange={(name: EmbeddedName) => onChange({ dataset: { kind: 'embedded', name, seed: seed(1) }, of: { classMean: 0 } })}
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
