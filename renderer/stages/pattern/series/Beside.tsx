// Two sets of weights side by side: the block in focus and a block of another network, run or epoch.
import { useEffect, useMemo } from 'react';
import { fixed } from '@shared/base/number-text';
import { useStore } from 'zustand';
import { headlineOf, type Headline } from '@shared/pattern/compare';
import type { WeightsReference } from '@shared/link/studio';
import { useLook } from '../../../studio/looks';
import { attempt } from '../../../studio/notices';
import { compareWith, other } from './series';
import type { AnalysedBlock } from '../pattern';
import { trainCheckpoints } from '../../../studio/runs/listed-checkpoints';
import { runs } from '../../../studio/runs/runs';
import { compareWith as holdAgainst, comparison } from '../../../studio/network/comparison';
import { studio } from '../../../studio/studio';
import { BUNDLED, figureSource, keyOf, labelOf, weights } from '../../../studio/network/weights';
import { Choice } from '../../../ui/controls';
import { measured, percent, signed } from '../../../ui/format';
import { Plot } from '../../../ui/Plot';
import { Panel } from '../../../studio/Stage';
import { NumberHeads } from '../../../ui/NumberHeads';
import { SeriesMaps, type SeriesSubject } from './SeriesMaps';
import { WHAT } from './series-pictures';

const NOTHING = 'nothing';

export function Beside({ pattern }: { readonly pattern: AnalysedBlock }) {
  const state = useStore(other);
  return (
    <Panel title="Beside other weights" says="after the merge" tools={<OtherChoice block={pattern.path} />} testId="pattern-beside">
      {state.busy && (
        <p className="faint" role="status">
          Analysing the other block.
        </p>
      )}
      {!state.pattern && !state.busy && <p className="faint">Choose weights to compare this block with: another file, run or epoch.</p>}
      {state.pattern && <Comparison first={pattern} second={state.pattern} />}
    </Panel>
  );
}

function OtherChoice({ block }: { readonly block: string }) {
  const { opened } = useStore(weights);
  const list = useStore(runs, (state) => state.list);
  const { reference, blocks, pattern } = useStore(other);
  const choices: readonly WeightsReference[] = [
    BUNDLED,
    ...opened.map(({ id }): WeightsReference => ({ kind: 'file', id })),
    ...list.flatMap(({ name, checkpoints }) =>
      trainCheckpoints({ name, checkpoints }, reference ? keyOf(reference) : '').map(
        ({ file }): WeightsReference => ({ kind: 'run', run: name, checkpoint: file }),
      ),
    ),
  ];
  const choose = (key: string): void => {
    const chosen = choices.find((choice) => keyOf(choice) === key);
    holdAgainst(chosen ? { kind: 'weights', reference: chosen } : null);
  };
  useNetworkB(block);
  return (
    <>
      <Choice
        label="Weights"
        value={reference ? keyOf(reference) : NOTHING}
        options={[[NOTHING, 'none'], ...choices.map((choice) => [keyOf(choice), labelOf(choice, opened)] as const)]}
        onChange={choose}
        testId="beside-weights"
      />
      {reference && (
        <Choice
          label="Block"
          value={pattern?.path ?? block}
          options={blocks.map((path) => [path, path || '(the network)'] as const)}
          onChange={(path) => void attempt(() => compareWith(reference, blocks, path))}
          testId="beside-block"
        />
      )}
    </>
  );
}

/** Puts the weights of network B beside, wherever it was chosen: a block of the same name where it has one. */
function useNetworkB(block: string): void {
  const chosen = useStore(comparison, ({ subject }) => (subject?.kind === 'weights' ? subject.reference : null));
  const key = chosen ? keyOf(chosen) : NOTHING;
  useEffect(() => {
    const { reference } = other.getState();
    if ((reference ? keyOf(reference) : NOTHING) !== key) void attempt(() => putBeside(chosen, block));
    // `key` stands for the weights; another block in focus leaves what is beside it.
  }, [key]);
}

async function putBeside(reference: WeightsReference | null, block: string): Promise<void> {
  const found = reference ? await studio().merge.blocks({ weights: reference }) : [];
  await compareWith(reference, found, found.includes(block) ? block : (found[0] ?? null));
}

const LINES: readonly (readonly [string, (numbers: Headline) => number, (value: number) => string])[] = [
  ['Translation-invariant', ({ invariantShare }) => invariantShare, percent],
  ['Half-energy radius, px', ({ halfEnergyRadius }) => halfEnergyRadius, measured],
  ['Long-range', ({ longRangeShare }) => longRangeShare, percent],
  ['Left-right symmetry', ({ leftRight }) => leftRight, measured],
  ['Up-down symmetry', ({ upDown }) => upDown, measured],
];

/** A difference of shares. */
function points(share: number): string {
  return `${fixed(100 * share, 1)} points`;
}

interface Pair {
  readonly first: AnalysedBlock;
  readonly second: AnalysedBlock;
}

function Comparison({ first, second }: Pair) {
  const [a, b] = [headlineOf(first.after), headlineOf(second.after)];
  const curves = useMemo(() => [curveOf(first, 'this', '--merged'), curveOf(second, 'other', '--rep')], [first, second]);
  return (
    <div className="stack">
      <table className="runs" data-testid="beside-table">
        <thead>
          <tr>
            <td />
            <NumberHeads titles={['this', 'other', 'difference']} />
          </tr>
        </thead>
        <tbody>
          {LINES.map(([title, value, text]) => (
            <tr key={title}>
              <td>{title}</td>
              <td className="number">{text(value(a))}</td>
              <td className="number">{text(value(b))}</td>
              <td className="number">{signed(value(b) - value(a), text === percent ? points : text)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <BesideMaps first={first} second={second} />
      <Plot series={curves} xLabel="distance in pixels" yLabel="relative energy" logY height={220} />
    </div>
  );
}

function curveOf({ after }: AnalysedBlock, label: string, colour: string) {
  const { densityByDistance } = after.locality;
  return { label, colour, points: true, x: densityByDistance.map((_, distance) => distance), y: densityByDistance };
}

function BesideMaps({ first, second }: Pair) {
  const [what, setWhat] = useLook({ ...WHAT, name: 'beside-map' });
  const reference = useStore(weights, (state) => state.reference);
  const against = useStore(other, (state) => state.reference);
  const subjects = useMemo(
    (): readonly SeriesSubject[] => [
      { label: `this: ${first.path || '(the network)'}`, reference, pattern: first },
      ...(against ? [{ label: `other: ${second.path || '(the network)'}`, reference: against, pattern: second }] : []),
    ],
    [first, second, reference, against],
  );
  const figure = {
    source: { ...figureSource(reference), layer: first.path },
    ...(against && { against: { ...figureSource(against), layer: second.path } }),
  };
  return <SeriesMaps subjects={subjects} what={what} onWhat={setWhat} figure={figure} size={190} />;
}
