// The settings of the program: where things are kept, what is computed on and how much of the machine that may take, how the window
// looks; and what the program is made of.
import { useStore } from 'zustand';
import { BACKEND_NAMES } from '@shared/training/recipe/recipe-schema';
import type { SettingsState } from '@shared/link/settings';
import { Panel, Stage } from '../../studio/Stage';
import { attempt, notify } from '../../studio/notices';
import { changeSettings, resetSettings, settings } from '../../studio/settings';
import { connection, studio } from '../../studio/studio';
import { chooseTheme, theme, THEMES, type ThemeChoice } from '../../studio/theme';
import { Choice, Field, NumberField, Segments } from '../../ui/controls';
import { PathEntry } from '../../ui/PathEntry';
import { AboutPanel } from './AboutPanel';

export function SettingsView() {
  const { state } = useStore(settings);
  return (
    <Stage name="settings" tools={state && <ResetButton />}>
      <div className="stack">
        {state?.problem && (
          <p className="says-warning" role="status" data-testid="settings-problem">
            {state.problem}
          </p>
        )}
        <AppearancePanel />
        {state ? <ServicePanels state={state} /> : <p className="faint">The service that keeps the other settings is not connected.</p>}
        <AboutPanel />
      </div>
    </Stage>
  );
}

function ResetButton() {
  const reset = async (): Promise<void> => {
    await resetSettings();
    chooseTheme('system');
    notify('success', 'All settings are the usual ones again. Undo brings back those of before.');
  };
  return (
    <button type="button" className="button" data-testid="settings-reset" onClick={() => void attempt(reset)}>
      Reset all settings
    </button>
  );
}

function AppearancePanel() {
  const choice = useStore(theme, (state) => state.choice);
  const options = THEMES.map((name): [ThemeChoice, string] => [name, `${name.charAt(0).toUpperCase()}${name.slice(1)}`]);
  return (
    <Panel title="Appearance">
      <div className="row">
        <Segments label="Theme" value={choice} options={options} testId="settings-theme" onChange={chooseTheme} />
        <p className="faint">The window is in English; times are written as your system writes them.</p>
      </div>
    </Panel>
  );
}

function ServicePanels({ state }: { readonly state: SettingsState }) {
  return (
    <>
      <ComputingPanel state={state} />
      <FoldersPanel state={state} />
    </>
  );
}

const BACKENDS = [['auto', 'The fastest that is found'], ...BACKEND_NAMES.map((name) => [name, name] as const)] as const;

function ComputingPanel({ state: { settings: set } }: { readonly state: SettingsState }) {
  const change = (of: Parameters<typeof changeSettings>[0]): void => void attempt(() => changeSettings(of));
  return (
    <Panel title="Computing" says="threads and memory hold from the next start of the program on">
      <div className="row">
        <Choice
          label="Backend of new trainings"
          value={set.backend}
          options={BACKENDS}
          testId="settings-backend"
          onChange={(backend) => change({ backend })}
        />
        <NumberField
          label="Threads at most"
          hint="of the service's own engine (WASM); 0: one a processor"
          value={set.threads ?? 0}
          min={0}
          max={256}
          testId="settings-threads"
          onChange={(threads) => change({ threads: threads === 0 ? null : threads })}
        />
        <NumberField
          label="Memory for a part of a batch, MiB"
          hint="large batches are run in parts that fit into it"
          value={set.memoryMiB}
          min={64}
          max={4096}
          testId="settings-memory"
          onChange={(memoryMiB) => change({ memoryMiB })}
        />
      </div>
    </Panel>
  );
}

function FoldersPanel({ state }: { readonly state: SettingsState }) {
  const runs = useStore(connection, ({ info }) => info?.runsFolder ?? '');
  const { settings: set, path, setsRunsFolder } = state;
  return (
    <Panel title="Folders">
      <dl className="facts">
        <dt>Runs now</dt>
        <dd className="mono">{runs}</dd>
        {setsRunsFolder ? (
          <>
            <dt>Runs from the next start on</dt>
            <dd className="mono" data-testid="settings-runs">
              {set.runsFolder ?? 'the usual place'}
            </dd>
          </>
        ) : (
          <>
            <dt>To keep them elsewhere</dt>
            <dd>start the studio with --runs FOLDER</dd>
          </>
        )}
        <dt>Data sets that are fetched</dt>
        <dd className="mono" data-testid="settings-data">
          {set.dataFolder ?? 'asked for each time'}
        </dd>
        <dt>These settings</dt>
        <dd className="mono">{path}</dd>
      </dl>
      {setsRunsFolder && (
        <FolderEntry label="Folder of runs" testId="settings-runs" take={(runsFolder) => changeSettings({ runsFolder })} />
      )}
      <FolderEntry label="Folder of data sets" testId="settings-data" take={(dataFolder) => changeSettings({ dataFolder })} />
    </Panel>
  );
}

interface FolderEntryProps {
  readonly label: string;
  readonly testId: string;
  readonly take: (folder: string | null) => Promise<void>;
}

function FolderEntry({ label, testId, take }: FolderEntryProps) {
  const isDesktop = useStore(connection, ({ info }) => info?.host === 'desktop');
  const browse = async (): Promise<void> => {
    const folder = await studio().app.chooseFile({ folder: true });
    if (folder !== null) await take(folder);
  };
  return (
    <Field label={label}>
      <span className="row">
        <PathEntry
          label={label}
          placeholder="path on the service's machine"
          size={36}
          testId={`${testId}-path`}
          action="Use"
          actionTestId={`${testId}-use`}
          take={(folder) => void attempt(() => take(folder))}
        />
        {isDesktop && (
          <button type="button" className="button" onClick={() => void attempt(browse)}>
            Choose
          </button>
        )}
        <button
          type="button"
          className="button quiet"
          aria-label={`${label}: the usual place`}
          onClick={() => void attempt(() => take(null))}
        >
          The usual place
        </button>
      </span>
    </Field>
  );
}
