// The folder dialog of the desktop; nothing in a browser, which cannot name folders of the service's machine.
import { useStore } from 'zustand';
import { attempt } from '../../studio/notices';
import { connection, studio } from '../../studio/studio';

interface Props {
  readonly onPick: (path: string) => unknown;
  readonly disabled?: boolean;
  readonly testId?: string;
}

export function BrowseFolder({ onPick, disabled, testId }: Props) {
  const canBrowse = useStore(connection, ({ info }) => info?.host === 'desktop');
  if (!canBrowse) return null;
  const browse = async () => {
    const picked = await studio().app.chooseFile({ folder: true });
    if (picked !== null) await onPick(picked);
  };
  return (
    <button type="button" className="button" data-testid={testId} disabled={disabled} onClick={() => void attempt(browse)}>
      Browse
    </button>
  );
}
