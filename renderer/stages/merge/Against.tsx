// Verifies the weights in focus against a merged file that was made elsewhere: by the official converter, or another program.
import { useState } from 'react';
import { useStore } from 'zustand';
import { attempt } from '../../studio/notices';
import { weights } from '../../studio/network/weights';
import { merge, openBeside, verifyAgainst } from './merge';

export function Against() {
  const { opened, reference } = useStore(weights);
  const { busy, against } = useStore(merge);
  const others = opened.filter(({ id }) => reference.kind !== 'file' || reference.id !== id);
  return (
    <details className="against" data-testid="against" open={against !== null || undefined}>
      <summary>Verify a merged file that was made elsewhere</summary>
      <div className="row">
        {others.map((file) => (
          <button
            key={file.id}
            type="button"
            className="button"
            disabled={busy !== null}
            data-testid="verify-against"
            onClick={() => void attempt(() => verifyAgainst(file))}
          >
            {file.fileName}
          </button>
        ))}
        <PathOf waits={busy !== null} />
      </div>
    </details>
  );
}

/** A merged file by its path. */
function PathOf({ waits }: { readonly waits: boolean }) {
  const [path, setPath] = useState('');
  const refused = waits || path.trim() === '';
  const verify = () => attempt(async () => verifyAgainst(await openBeside(path.trim())));
  return (
    <>
      <input
        type="text"
        size={36}
        aria-label="Path of the merged file on the service's machine"
        placeholder="path of the merged file"
        value={path}
        data-testid="against-path"
        onChange={(event) => setPath(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && !refused && void verify()}
      />
      <button type="button" className="button" disabled={refused} data-testid="verify-against-path" onClick={() => void verify()}>
        Verify this file
      </button>
    </>
  );
}
