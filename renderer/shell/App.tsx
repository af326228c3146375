// The window: rail, one stage at a time, status line, notices and the command palette.
import { useStore } from 'zustand';
import { navigation } from '../studio/navigation';
import { Rail } from './Rail';
import { StageView } from './StageView';
import { loadWhole, wholeWhenLoaded } from './load-whole';
import { lazy, Suspense, useEffect, useState } from 'react';
import { NetworkLine } from './NetworkLine';
import { ServiceNote } from './ServiceNote';
import { Drafts } from '../ui/draft';
import { draftKeeper } from '../studio/drafts';
import { openDropped } from '../studio/files';
import { attempt, dismiss, notices } from '../studio/notices';
import { Icon } from '../studio/icons';
import { connection } from '../studio/studio';
import { filesOfDrop } from '../studio/dropped-files';
import { JobsButton } from './jobs/JobsButton';
import { jobs } from '../studio/jobs/jobs';
import { help } from '../studio/help/help';

// Of the frame, what is about stages comes with them, and lies beside or below what stands by then.
const LessonBeside = lazy(async () => ({ default: (await wholeWhenLoaded).LessonBeside }));
const NextStepBar = lazy(async () => ({ default: (await wholeWhenLoaded).NextStepBar }));
const Palette = lazy(async () => ({ default: (await wholeWhenLoaded).Palette }));
const RunInStatus = lazy(async () => ({ default: (await wholeWhenLoaded).RunInStatus }));
const JobsPanel = lazy(async () => ({ default: (await import('./jobs/JobsPanel')).JobsPanel }));
const HelpDialog = lazy(async () => ({ default: (await import('../studio/help/HelpDialog')).HelpDialog }));

/** The pages of help, loaded when one is first opened. */
function Help() {
  const open = useStore(help, ({ page }) => page !== null);
  return <Suspense fallback={null}>{open && <HelpDialog />}</Suspense>;
}

/** The list of jobs, loaded when it is first opened. */
function Jobs() {
  const open = useStore(jobs, ({ panelOpen }) => panelOpen);
  return <Suspense fallback={null}>{open && <JobsPanel />}</Suspense>;
}

export function App() {
  const stage = useStore(navigation, (state) => state.stage);
  const [hasLesson, setHasLesson] = useState(false);
  return (
    <Drafts.Provider value={draftKeeper}>
      <div className={hasLesson ? 'frame with-lesson' : 'frame'}>
        <SkipLinks />
        <Rail />
        <main className="stage" id="stage" tabIndex={-1} data-testid={`stage-${stage}`}>
          {/* That stage is about no network, and as large as the window. */}
          {stage !== 'convolution' && <NetworkLine />}
          <ServiceNote />
          <Notices />
          <StageView stage={stage} />
          <Suspense fallback={null}>
            <NextStepBar stage={stage} />
          </Suspense>
        </main>
        <Suspense fallback={null}>
          <LessonBeside onShown={setHasLesson} />
        </Suspense>
        <StatusBar />
        <Suspense fallback={null}>
          <Palette />
        </Suspense>
        <Help />
        <Jobs />
        <FileDrop />
      </div>
    </Drafts.Provider>
  );
}

/** The first stop of the keyboard: past the rail to the stage, and to the next step. */
function SkipLinks() {
  const skip = (selector: string): boolean => {
    const found = document.querySelector<HTMLElement>(selector);
    // Parts of a page take the focus only where they may.
    if (found && found.tabIndex < 0) found.tabIndex = -1;
    found?.focus();
    return found !== null;
  };
  return (
    <nav className="skip-links" aria-label="Skip">
      <button type="button" className="button" onClick={() => skip('.stage-body')}>
        Skip to the stage
      </button>
      <button type="button" className="button" onClick={() => skip('.next-step button') || skip('.network-line select')}>
        Skip to the next step
      </button>
    </nav>
  );
}

/** Files dropped anywhere on the window are opened: lessons, figures in the export stage, all else as weights. */
function FileDrop() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const drag = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(event.type === 'dragover');
      if (event.type === 'drop') void attempt(openDrop(event.dataTransfer));
    };
    const kinds = ['dragover', 'drop', 'dragleave'] as const;
    kinds.forEach((kind) => window.addEventListener(kind, drag));
    return () => kinds.forEach((kind) => window.removeEventListener(kind, drag));
  }, []);
  return over ? (
    <div className="drop-here">
      Drop weights here (.pth, .safetensors, .npz or .onnx), a lesson, or a figure that carries its recipe (.svg, .pdf or .png)
    </div>
  ) : null;
}

/** Lessons and prepared states go to the lessons, all else is opened as weights. */
function openDrop(transfer: DataTransfer): () => Promise<void> {
  // What was dropped can be asked for only while the event lasts.
  const dropped = filesOfDrop(transfer);
  return async () => {
    const files = await dropped;
    if (await (await loadWhole()).openLessonFiles(files)) return;
    for (const { file } of files) await attempt(() => openDropped(file));
  };
}

/** The notice area: errors and news, read out to screen readers as they come. */
function Notices() {
  const list = useStore(notices, (state) => state.list);
  return (
    <div className="notices" role="log" aria-live="polite" data-testid="notices">
      {list.map(({ id, tone, text }) => (
        <div key={id} className={`notice ${tone}`} role={tone === 'error' ? 'alert' : 'status'} data-testid={`notice-${tone}`}>
          <span>{text}</span>
          <button type="button" className="button quiet" aria-label="Close this message" onClick={() => dismiss(id)}>
            <Icon name="close" size={14} />
          </button>
        </div>
      ))}
    </div>
  );
}

/** The line at the foot: host, backend, what is training, where runs are kept. */
function StatusBar() {
  const { info, problem, client, silent } = useStore(connection);
  return (
    <footer className="status" data-testid="status">
      <span data-testid="status-connection">{connectionText(info?.host ?? null, problem, client !== null, silent)}</span>
      <Suspense fallback={null}>
        <RunInStatus />
      </Suspense>
      <JobsButton />
      {info && <span className="push">{`Runs in ${info.runsFolder}`}</span>}
      {info && <span>{`v${info.version}`}</span>}
    </footer>
  );
}

function connectionText(host: string | null, problem: string | null, connected: boolean, silent: boolean): string {
  if (silent) return 'The service does not answer';
  if (problem) return 'No service';
  if (!connected) return 'Connecting to the service';
  return host === 'browser' ? 'Connected in the browser' : 'Connected';
}
