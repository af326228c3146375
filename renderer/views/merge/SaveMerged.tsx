// Saves the merged weights: to this computer (a download, or the desktop's save dialog), or under a path of
// the service's machine. The ending decides the format.
import { useState } from 'react';
import type { WeightsReference } from '@shared/contract/studio';
import { attempt, notify } from '../../state/notices';
import { studio } from '../../state/studio';
import { weights } from '../../state/weights';
import { downloadFrom } from '../../ui/download';

const FORMATS = ['pth', 'safetensors', 'npz'] as const;

export function SaveMerged({ merged }: { readonly merged: WeightsReference }) {
  return (
    <div className="stack">
      <SaveHere merged={merged} />
      <SaveUnderPath merged={merged} />
    </div>
  );
}

/** One button per format. */
function SaveHere({ merged }: { readonly merged: WeightsReference }) {
  const save = async (format: (typeof FORMATS)[number]) => {
    const name = `${stemOf(weights.getState().label)}-merged.${format}`;
    const { url, fileName } = await studio().checkpoint.export({ weights: merged, fileName: name });
    downloadFrom(url, fileName);
  };
  return (
    <div className="row">
      <span className="faint">Save the merged weights as</span>
      {FORMATS.map((format) => (
        <button
          key={format}
          type="button"
          className="button"
          data-testid={`download-merged-${format}`}
          onClick={() => void attempt(() => save(format))}
        >
          {`.${format}`}
        </button>
      ))}
    </div>
  );
}

/** A label as a file name without its ending. */
function stemOf(label: string): string {
  const stem = label.replace(/^Bundled: |\.(pth|pt|bin|safetensors|npz)$/g, '').replace(/[^\p{L}\p{N}._-]+/gu, '-');
  return stem === '' ? 'weights' : stem;
}

function SaveUnderPath({ merged }: { readonly merged: WeightsReference }) {
  const [path, setPath] = useState('');
  const [overwrite, setOverwrite] = useState(false);
  const save = async () => {
    const saved = await studio().checkpoint.save({ weights: merged, path, overwrite });
    notify('success', `Saved ${saved.path}`);
  };
  return (
    <div className="row">
      <label htmlFor="merged-path" className="faint">
        or under a path of the service's machine
      </label>
      <input
        id="merged-path"
        type="text"
        size={40}
        value={path}
        placeholder="/path/to/merged.pth"
        data-testid="merged-path"
        onChange={(event) => setPath(event.target.value)}
      />
      <label className="row">
        <input type="checkbox" checked={overwrite} onChange={(event) => setOverwrite(event.target.checked)} />
        replace an existing file
      </label>
      <button type="button" className="button" disabled={path.trim() === ''} data-testid="save-merged" onClick={() => void attempt(save)}>
        Save
      </button>
    </div>
  );
}
