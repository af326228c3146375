// Says where the chosen network does not fit the data; where it is the number of classes alone, that can be set from here.
import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { SampleSource } from '@shared/dataset/dataset';
import { classesOf } from '@shared/training/recipe/fit';
import { changeSetting, CUSTOM, network } from '../../studio/network/network';
import { dataset } from './dataset';
import { misfit, trainingSource } from './fit';

export function FitNote({ source }: { readonly source: SampleSource }) {
  const { spec, entry } = useStore(network);
  const problem = spec === null || source.count === 0 ? null : misfit(spec, source);
  if (spec === null || problem === null) return null;
  const [key, classes] = [spec.task === 'face' ? 'identities' : 'classes', source.classes.length];
  const isNumberOnly = misfit(spec, { ...source, classes: Array.from({ length: classesOf(spec) }, String) }) === null;
  return (
    <div className="row" data-testid="fit-note">
      <p className="says-warning">{problem}</p>
      {isNumberOnly && entry !== CUSTOM && (
        <button type="button" className="button" data-testid="fit-classes" onClick={() => changeSetting(key, String(classes))}>
          {`Set ${key} to ${classes}`}
        </button>
      )}
    </div>
  );
}

/** The same of the data chosen for the next run; nothing where they cannot be opened. */
export function ChosenFitNote() {
  const choice = useStore(dataset);
  const source = useMemo(() => sourceOrNothing(choice), [choice]);
  return source && <FitNote source={source} />;
}

function sourceOrNothing(choice: Parameters<typeof trainingSource>[0]): SampleSource | null {
  try {
    return trainingSource(choice);
  } catch {
    return null;
  }
}
