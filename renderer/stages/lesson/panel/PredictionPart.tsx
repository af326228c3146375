// A prediction: cells drawn on a grid, a bar that is set, one of several chosen. Once it is made the truth stands beside it.
import { useId, useState, type KeyboardEvent } from 'react';
import type { Step } from '@shared/lesson/format';
import { formatNumber } from '@shared/lesson/text/format-number';
import { gapText } from '@shared/lesson/player/gap-text';
import type { Gap } from '@shared/lesson/player/judge';
import type { StepRecord } from '@shared/lesson/player/player';
import type { Circumstances } from '@shared/lesson/scope';
import { barStep, type PredictionBlock } from '@shared/lesson/steps/prediction';
import { gridOf } from '@shared/lesson/values/scene';
import { predictStep } from '../lesson';
import { PictureFigure } from './ScenePicture';
import { Prose } from './Prose';
import { useBroughtIntoView } from './useBroughtIntoView';

interface PartProps<Block> {
  readonly block: Block;
  readonly record: StepRecord;
  readonly within: Circumstances;
}
type Of<Guess extends PredictionBlock['guess']> = Extract<PredictionBlock, { guess: Guess }>;

export function PredictionPart({ block, record, within }: PartProps<NonNullable<Step['blocks']['prediction']>>) {
  const gap = record.prediction?.gap ?? null;
  const told = useBroughtIntoView<HTMLDivElement>(gap ? 1 : 0);
  return (
    <section className="lesson-ask" aria-label="Prediction" data-testid="lesson-prediction">
      <Prose text={block.ask} within={within} />
      {block.guess === 'cells' && <Cells block={block} record={record} within={within} />}
      {block.guess === 'number' && <Bar block={block} record={record} within={within} />}
      {block.guess === 'choice' && <Options block={block} record={record} within={within} />}
      <div role="status" data-testid="lesson-gap" ref={told}>
        {gap && <p className="lesson-gap">{gapText(gap, block)}</p>}
        {gap && block.after !== undefined && <Prose text={block.after} within={within} />}
      </div>
    </section>
  );
}

function Cells({ block, record, within }: PartProps<Of<'cells'>>) {
  const { scene } = within.world;
  const [drawn, setDrawn] = useState<ReadonlySet<number>>(new Set());
  const [at, setAt] = useState(0);
  if (!scene) return <p className="faint">Reading the scene</p>;
  const { rows, columns, says } = gridOf(scene, block.of);
  const { prediction } = record;
  const gap = prediction?.gap.kind === 'cells' ? prediction.gap : null;
  const on = (cell: number): boolean => (prediction?.guess.kind === 'cells' ? prediction.guess.on[cell] : drawn.has(cell));
  const toggle = (cell: number): void => {
    const next = new Set(drawn);
    if (!next.delete(cell)) next.add(cell);
    setDrawn(next);
    setAt(cell);
  };
  const move = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (by === undefined || at + by < 0 || at + by >= rows * columns) return;
    event.preventDefault();
    setAt(at + by);
    event.currentTarget.querySelector<HTMLElement>(`[data-cell="${at + by}"]`)?.focus();
  };
  const cells = Array.from({ length: rows * columns }, (_, cell) => cell);
  return (
    <>
      <div
        className="lesson-grid"
        role="group"
        aria-label={`A grid of ${rows} by ${columns}; arrow keys move, Space draws`}
        style={{ gridTemplateColumns: `repeat(${columns}, 1fr)` }}
        onKeyDown={move}
        data-testid="lesson-grid"
      >
        {cells.map((cell) => (
          <button
            key={cell}
            type="button"
            data-cell={cell}
            tabIndex={cell === at ? 0 : -1}
            aria-pressed={on(cell)}
            aria-label={cellText(cell, columns, says, gap)}
            className={cellClass(on(cell), gap?.truth[cell])}
            disabled={gap !== null}
            onClick={() => toggle(cell)}
          />
        ))}
      </div>
      {gap ? (
        <p className="lesson-key faint">Filled: what you drew. Ringed: what it is.</p>
      ) : (
        <Reveal onReveal={() => predictStep({ kind: 'cells', on: cells.map((cell) => drawn.has(cell)) })} ready={drawn.size > 0} />
      )}
    </>
  );
}

function cellText(cell: number, columns: number, says: string, gap: Extract<Gap, { kind: 'cells' }> | null): string {
  const place = `${says} ${Math.floor(cell / columns) + 1}, ${(cell % columns) + 1}`;
  return gap ? `${place}, ${gap.truth[cell] ? 'is read' : 'is not read'}` : place;
}

function cellClass(drawn: boolean, truth: boolean | undefined): string {
  return ['lesson-cell', drawn ? 'drawn' : '', truth ? 'true' : ''].filter(Boolean).join(' ');
}

function Reveal({ onReveal, ready }: { readonly onReveal: () => void; readonly ready: boolean }) {
  return (
    <button type="button" className="button primary" data-testid="lesson-reveal" disabled={!ready} onClick={onReveal}>
      Show me
    </button>
  );
}

function Bar({ block: { from, to, step, unit }, record }: PartProps<Of<'number'>>) {
  const [value, setValue] = useState<number | null>(null);
  const { prediction } = record;
  const gap = prediction?.gap.kind === 'number' ? prediction.gap : null;
  const guess = prediction?.guess.kind === 'number' ? prediction.guess.value : value;
  const shown = guess ?? (from + to) / 2;
  return (
    <>
      <label className="lesson-bar">
        <span className="unseen">{`Your prediction, ${from} to ${to} ${unit}`}</span>
        <input
          type="range"
          min={from}
          max={to}
          step={barStep({ from, to, step })}
          value={shown}
          disabled={gap !== null}
          data-testid="lesson-bar"
          onChange={({ target }) => setValue(Number(target.value))}
        />
        <output>
          {guess === null ? `${formatNumber(from)} to ${formatNumber(to)} ${unit}` : `${formatNumber(onStep(shown))} ${unit}`}
        </output>
      </label>
      {gap ? (
        <div className="lesson-truth">
          <TruthBar label="You" value={shown} from={from} to={to} unit={unit} />
          <TruthBar label="It is" value={gap.truth} from={from} to={to} unit={unit} />
        </div>
      ) : (
        <Reveal ready={value !== null} onReveal={() => value !== null && predictStep({ kind: 'number', value })} />
      )}
    </>
  );
}

/** A value without what adding up decimal steps leaves behind it. */
const onStep = (value: number): number => Number(value.toPrecision(12));

interface TruthBarProps {
  readonly label: string;
  readonly value: number;
  readonly from: number;
  readonly to: number;
  readonly unit: string;
}

function TruthBar({ label, value, from, to, unit }: TruthBarProps) {
  const share = Math.max(0, Math.min(1, (value - from) / (to - from)));
  return (
    <p>
      <span>{label}</span>
      <span className="lesson-track">
        <span style={{ width: `${100 * share}%` }} />
      </span>
      <span>{`${formatNumber(onStep(value))} ${unit}${value > to || value < from ? ' (beyond the bar)' : ''}`}</span>
    </p>
  );
}

function Options({ block, record, within }: PartProps<Of<'choice'>>) {
  const name = useId();
  const [chosen, setChosen] = useState<number | null>(null);
  const { prediction } = record;
  const gap = prediction?.gap.kind === 'choice' ? prediction.gap : null;
  const guess = prediction?.guess.kind === 'choice' ? prediction.guess.option : chosen;
  return (
    <>
      <fieldset className="lesson-options" disabled={gap !== null}>
        <legend className="unseen">Choose one</legend>
        {block.options.map(({ text, picture }, at) => (
          <label key={at} className={gap?.truth.includes(at) ? 'true' : ''} data-testid={`lesson-option-${at}`}>
            <input type="radio" name={name} checked={guess === at} onChange={() => setChosen(at)} />
            <Prose text={text} within={within} className="lesson-option" />
            {picture && <PictureFigure picture={picture} within={within} />}
          </label>
        ))}
      </fieldset>
      {!gap && <Reveal ready={chosen !== null} onReveal={() => chosen !== null && predictStep({ kind: 'choice', option: chosen })} />}
    </>
  );
}
