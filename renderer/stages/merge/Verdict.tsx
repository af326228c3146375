// The verdict, big and plain: equivalent or not, with the numbers it rests on.
import { divergenceText } from '@shared/proof/divergence-text';
import { inputsText } from '@shared/proof/inputs-text';
import { useStore } from 'zustand';
import { merge } from './merge';
import { Reading } from '../../ui/controls';
import { measured, percent } from '../../ui/format';

export function Verdict() {
  const report = useStore(merge, (state) => state.report);
  if (!report) return null;
  const { equivalent, maxAbs, maxRel, tolerance, toleranceReason, storage, argMaxAgreement, inputs, backend } = report;
  const divergence = divergenceText(report);
  const failing = report.layers.filter((layer) => !layer.equivalent).length;
  return (
    <section
      className={equivalent ? 'verdict good' : 'verdict bad'}
      data-testid="verdict"
      data-equivalent={equivalent}
      role="status"
      aria-label="Verdict"
    >
      <h2>{equivalent ? 'Equivalent' : 'Not equivalent'}</h2>
      <div className="figure-row">
        <Reading label="Largest difference" value={measured(maxAbs)} testId="verdict-max-abs" />
        <Reading label="relative" value={measured(maxRel)} testId="verdict-max-rel" />
        <Reading label="Tolerance" value={measured(tolerance)} />
        {argMaxAgreement !== null && <Reading label="Same answer" value={percent(argMaxAgreement)} unit="of inputs" />}
      </div>
      {divergence !== null && <p data-testid="verdict-divergence">{`${divergence}; layers that differ: ${failing}.`}</p>}
      <p>{`Tolerance: ${toleranceReason}`}</p>
      {storage && <p data-testid="verdict-storage">{`Half precision: ${storage.text}.`}</p>}
      <p>{`Compared on ${inputsText(inputs)}, backend ${backend}.`}</p>
    </section>
  );
}
