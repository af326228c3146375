// The cell under the cursor in words and numbers: where it is, what it means, its value before, added and
// after, and where the value comes from. Announced to screen readers when moved by keyboard.
import type { Provenance } from '@shared/merge/mathematics/matrices';
import { cssColor, type Colouring } from '@shared/colour/colouring';
import { type PaneId } from '../explorer';
import { valueText } from '../panels/meaning';
import { panesOf, type ExplorerInput, type MatrixSet } from '../matrix-set';
import { useExplorer } from '../useExplorer';
import { useProvenance, useReading } from './useReadout';

interface ReadoutProps {
  readonly input: ExplorerInput;
  readonly set: MatrixSet;
  readonly scales: Readonly<Record<PaneId, Colouring>>;
}

export function Readout({ input, set, scales }: ReadoutProps) {
  const { cursor, cursorBy } = useExplorer('cursor', 'cursorBy');
  const reading = useReading(set, input, cursor);
  const panes = panesOf(input);
  const provenance = useProvenance(input, reading?.row ?? null, reading?.column ?? null);
  return (
    <section
      className="readout"
      data-testid="cell-readout"
      aria-live={cursorBy === 'keys' ? 'polite' : 'off'}
      aria-label="Cell under the cursor"
    >
      {reading ? (
        <>
          <Where input={input} row={reading.row} column={reading.column} />
          <dl className="readout-values">
            {panes.map((id) => (
              <div key={id}>
                <dt>{input.panes[id]?.short}</dt>
                <dd data-testid={`cell-${id}`}>
                  <i style={{ background: swatch(scales[id], reading.values[id] ?? NaN) }} />
                  {valueText(reading.values[id] ?? NaN)}
                </dd>
              </div>
            ))}
          </dl>
          {provenance && <ProvenanceText provenance={provenance} />}
        </>
      ) : (
        <p className="faint">
          {cursor ? 'No weight here: another group, or outside the map.' : 'Point at a cell, or move there with the arrow keys.'}
        </p>
      )}
    </section>
  );
}

function swatch(scale: Colouring, value: number): string {
  return Number.isFinite(value) ? cssColor(scale, value) : 'transparent';
}

function Where({ input, row, column }: { readonly input: ExplorerInput; readonly row: number; readonly column: number }) {
  const words = input.words?.(row, column);
  return (
    <div className="readout-where">
      <div>
        <b>{`row ${row}`}</b>
        {words && <span>{words.row}</span>}
      </div>
      <div>
        <b>{`column ${column}`}</b>
        {words && <span>{`from ${words.column}`}</span>}
      </div>
    </div>
  );
}

function ProvenanceText({ provenance: { weight, scale, fc, kernels, sum } }: { readonly provenance: Provenance }) {
  return (
    <div className="provenance" data-testid="provenance">
      <span>{`FC ${valueText(weight)} x BN ${valueText(scale)} = ${valueText(fc)}`}</span>
      {kernels.map(({ K, at, part }) => (
        <span key={K} className={at ? '' : 'faint'}>
          {at ? `+ ${K}x${K}[${at.join(', ')}] ${valueText(part)}` : `+ ${K}x${K} out of reach`}
        </span>
      ))}
      <b>{`= ${valueText(sum)}`}</b>
    </div>
  );
}
