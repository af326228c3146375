// Saves the merged weights under a path; the ending decides the format.
import { useState } from 'react';
import type { WeightsReference } from '@shared/contract/studio';
import { attempt, notify } from '../../state/notices';
import { studio } from '../../state/studio';

export function SaveMerged({ merged }: { readonly merged: WeightsReference }) {
  const [path, setPath] = useState('');
  const [overwrite, setOverwrite] = useState(false);
  const save = async () => {
    const saved = await studio().checkpoint.save({ weights: merged, path, overwrite });
    notify('success', `Saved ${saved.path}`);
  };
  return (
    <div className="row">
      <label htmlFor="merged-path" className="faint">
        Save as (.safetensors, .pth or .npz)
      </label>
      <input
        id="merged-path"
        type="text"
        size={48}
        value={path}
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
