// Saves weights, merged or as an opened file holds them: to this computer (a download, or the desktop's save
// dialog), or under a path of the service's machine. The ending decides the format; the type may be narrower
// than the values', and what it could not hold is said.
import { useState } from 'react';
import type { FloatType } from '@shared/checkpoint/entries';
import type { WeightsReference } from '@shared/link/studio';
import { attempt, notify } from '../notices';
import { studio } from '../studio';
import { downloadFrom } from '../../ui/download';

const FORMATS = ['pth', 'safetensors', 'npz'] as const;
const TYPES: readonly (readonly [FloatType | 'same', string])[] = [
  ['same', 'as they are'],
  ['float32', 'float32'],
  ['float16', 'float16, half precision'],
  ['bfloat16', 'bfloat16, half precision'],
  ['float64', 'float64'],
];

interface SaveWeightsProps {
  readonly reference: WeightsReference;
  /** What is saved, in words: `the merged weights`. */
  readonly what: string;
  /** File name without its ending. */
  readonly stem: string;
  readonly storeAs: FloatType | null;
  readonly onStoreAs: (type: FloatType | null) => void;
  /** Beginning of the test ids. */
  readonly testId: string;
}

interface SavingProps extends SaveWeightsProps {
  /** Gets what the stored type could not hold, a sentence each. */
  readonly onSaved: (warnings: readonly string[]) => void;
}

export function SaveWeights(props: SaveWeightsProps) {
  const { storeAs, onStoreAs, testId } = props;
  const [warnings, setWarnings] = useState<readonly string[]>([]);
  return (
    <div className="stack">
      <label className="row">
        <span className="faint">Store numbers</span>
        <select
          value={storeAs ?? 'same'}
          data-testid={`${testId}-type`}
          onChange={(event) => onStoreAs(event.target.value === 'same' ? null : (event.target.value as FloatType))}
        >
          {TYPES.map(([type, text]) => (
            <option key={type} value={type}>
              {text}
            </option>
          ))}
        </select>
        {storeAs !== null && storeAs !== 'float64' && (
          <span className="faint">every weight is rounded to the nearest {storeAs}; counters keep their type</span>
        )}
      </label>
      <SaveHere {...props} onSaved={setWarnings} />
      <SaveUnderPath {...props} onSaved={setWarnings} />
      {warnings.map((text) => (
        <p key={text} className="says-warning" role="status" data-testid={`${testId}-warning`}>
          {text}
        </p>
      ))}
    </div>
  );
}

/** One button per format. */
function SaveHere({ reference, what, stem, storeAs, testId, onSaved }: SavingProps) {
  const save = async (format: (typeof FORMATS)[number]) => {
    const saved = await studio().checkpoint.export({ weights: reference, fileName: `${stem}.${format}`, dtype: storeAs ?? undefined });
    onSaved(saved.warnings.map((text) => `${saved.fileName}: ${text}`));
    downloadFrom(saved.url, saved.fileName);
  };
  return (
    <div className="row">
      <span className="faint">{`Save ${what} as`}</span>
      {FORMATS.map((format) => {
        const impossible = format === 'npz' && storeAs === 'bfloat16';
        return (
          <button
            key={format}
            type="button"
            className="button"
            disabled={impossible}
            title={impossible ? 'NumPy has no bfloat16: choose another format or type' : undefined}
            data-testid={`download-${testId}-${format}`}
            onClick={() => void attempt(() => save(format))}
          >
            {`.${format}`}
          </button>
        );
      })}
    </div>
  );
}

/** A label as a file name without its ending. */
export function stemOf(label: string): string {
  const stem = label
    .replace(/^Bundled: |(\.pth|\.pt)?\.(pth|pt|tar|ckpt|bin|safetensors|npz|npy)$/g, '')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-');
  return stem === '' ? 'weights' : stem;
}

function SaveUnderPath({ reference, storeAs, testId, onSaved }: SavingProps) {
  const [path, setPath] = useState('');
  const [overwrite, setOverwrite] = useState(false);
  const save = async () => {
    const saved = await studio().checkpoint.save({ weights: reference, path, overwrite, dtype: storeAs ?? undefined });
    onSaved(saved.warnings.map((text) => `${saved.path}: ${text}`));
    notify('success', `Saved ${saved.path}`);
  };
  return (
    <div className="row">
      <label htmlFor={`${testId}-path`} className="faint">
        or under a path of the service's machine
      </label>
      <input
        id={`${testId}-path`}
        type="text"
        size={40}
        value={path}
        placeholder={`/path/to/${testId}.pth`}
        data-testid={`${testId}-path`}
        onChange={(event) => setPath(event.target.value)}
      />
      <label className="row">
        <input type="checkbox" checked={overwrite} onChange={(event) => setOverwrite(event.target.checked)} />
        replace an existing file
      </label>
      <button
        type="button"
        className="button"
        disabled={path.trim() === ''}
        data-testid={`save-${testId}`}
        onClick={() => void attempt(save)}
      >
        Save
      </button>
    </div>
  );
}
