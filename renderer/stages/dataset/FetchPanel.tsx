// Fetching a published data set from its official address into a folder of the service's machine.
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { PublishedDataset } from '@shared/dataset/published';
import { fetching, fetchPublished, forgetEnd, listPublished, stopFetching, type Fetching } from './fetching';
import { attempt } from '../../studio/notices';
import { settings } from '../../studio/settings';
import { connection } from '../../studio/studio';
import { Choice, Field } from '../../ui/controls';
import { Panel } from '../../studio/Stage';
import { BrowseFolder } from './BrowseFolder';

export function FetchPanel() {
  const connected = useStore(connection, (state) => state.client !== null);
  const { fetchable, busy } = useStore(fetching);
  const [name, setName] = useState('');
  useEffect(() => {
    if (connected) void attempt(listPublished);
  }, [connected]);
  const chosen = fetchable.find((dataset) => dataset.name === name) ?? fetchable.at(0);
  return (
    <Panel title="Fetch" says="from the official address" testId="fetch">
      {chosen ? (
        <div className="stack">
          <Choice
            label="Data set"
            hint={`${chosen.says}; ${chosen.megabytes} MB. From ${chosen.page}${chosen.terms === null ? '' : `. ${chosen.terms}`}`}
            value={chosen.name}
            options={fetchable.map((dataset) => [dataset.name, dataset.title] as const)}
            testId="fetch-name"
            disabled={busy}
            onChange={(value) => {
              setName(value);
              forgetEnd();
            }}
          />
          <FetchControls key={chosen.name} dataset={chosen} />
          <Restricted />
        </div>
      ) : (
        <p className="faint">The service that fetches is not connected.</p>
      )}
    </Panel>
  );
}

function FetchControls({ dataset }: { readonly dataset: PublishedDataset }) {
  const state = useStore(fetching);
  const [folder, setFolder] = useState(() => settings.getState().state?.settings.dataFolder ?? '');
  return (
    <>
      <Field label="Into the folder" hint="on the service's machine; made if it is not there">
        <input
          type="text"
          value={folder}
          disabled={state.busy}
          data-testid="fetch-folder"
          onChange={(event) => {
            setFolder(event.target.value);
            forgetEnd();
          }}
        />
      </Field>
      <div className="row">
        <BrowseFolder onPick={setFolder} disabled={state.busy} />
        <button
          type="button"
          className="button"
          data-testid="fetch-start"
          disabled={state.busy || folder.trim() === ''}
          onClick={() => void fetchPublished(dataset.name, folder.trim())}
        >
          {state.ended === null ? 'Fetch' : 'Go on'}
        </button>
        <button type="button" className="button" data-testid="fetch-stop" disabled={!state.busy} onClick={stopFetching}>
          Stop
        </button>
      </div>
      <StatusText state={state} />
    </>
  );
}

const STAGES = { download: 'fetching', check: 'checking', unpack: 'unpacking' } as const;

function StatusText({ state: { busy, progress, ended } }: { readonly state: Fetching }) {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  return (
    <div role="status" data-testid="fetch-status">
      {busy && (
        <>
          <progress max={progress?.total ?? 1} value={progress?.total ? progress.received : undefined} aria-label="Fetching" />
          <p className="faint">
            {progress
              ? `${STAGES[progress.stage]} ${progress.file}, file ${progress.number} of ${progress.files}: ${megabytes(progress.received)}${progress.total === null ? '' : ` of ${megabytes(progress.total)}`} MB`
              : 'asking the server'}
          </p>
        </>
      )}
      {ended?.kind === 'stopped' && <p>Stopped. What has arrived is kept; going on fetches the rest.</p>}
      {ended?.kind === 'failed' && (
        <p className="says-error" role="alert">
          {ended.message}
        </p>
      )}
    </div>
  );
}

/** Data sets that are not fetched here, and how they are had. */
function Restricted() {
  const { restricted } = useStore(fetching);
  return (
    <details data-testid="fetch-restricted">
      <summary>ImageNet, Cityscapes and faces are not fetched from here</summary>
      <ul className="restricted">
        {restricted.map(({ name, title, says, page }) => (
          <li key={name}>
            <strong>{title}</strong>
            {` ${says}. `}
            <span className="address">{page}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
