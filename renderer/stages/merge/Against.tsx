// Verifies the weights in focus against a merged file that was made elsewhere: by the official converter, or another program.
import { PathEntry } from '../../ui/PathEntry';
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
        <PathEntry
          label="Path of the merged file on the service's machine"
          placeholder="path of the merged file"
          size={36}
          testId="against-path"
          action="Verify this file"
          actionTestId="verify-against-path"
          waits={busy !== null}
          take={(path) => void attempt(async () => verifyAgainst(await openBeside(path)))}
        />
      </div>
    </details>
  );
}
