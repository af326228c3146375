// Two files side by side: the verdict, where their outputs part, which weights moved and where in the image those look, and the report
// to be pasted into an issue.
import { useStore } from 'zustand';
import { diffMarkdown, namesText, partingText, verdictText } from '@shared/proof/diff/text';
import type { DiffReport, MovedWeight } from '@shared/proof/diff/report';
import { askForFigure } from '../../../studio/asked-figure';
import { attempt, notify } from '../../../studio/notices';
import { comparedLabel, comparison, compareWith } from '../../../studio/network/comparison';
import { figureSource, keyOf, labelOf, weights } from '../../../studio/network/weights';
import { Panel } from '../../../studio/Stage';
import { StartOrStop } from '../../../studio/StartOrStop';
import { Choice } from '../../../ui/controls';
import { exact, measured } from '../../../ui/format';
import { NumberHeads } from '../../../ui/NumberHeads';
import { ChangePictures } from './ChangePictures';
import { compareFiles, diff, diffPair, stopDiff } from './diff';

const NOTHING = 'nothing';
/** Rows of the table; the rest is counted. */
const LISTED = 30;

export function DiffPanel() {
  const { busy, report } = useStore(diff);
  const { label, inFocus } = useStore(weights);
  useStore(comparison);
  const b = comparedLabel();
  const says = !inFocus || b === null ? 'two files side by side' : `A: ${label}; B: ${b}`;
  return (
    <Panel title="Difference" says={says} tools={<Tools busy={busy} />} testId="diff">
      <div className="stack">
        {busy && (
          <p className="faint" role="status">
            Comparing every weight, then running both.
          </p>
        )}
        {!busy && report === null && (
          <p className="faint">Are two files one function? Choose a second set of weights, B: the current network is A.</p>
        )}
        {report && <Found report={report} />}
      </div>
    </Panel>
  );
}

function Tools({ busy }: { readonly busy: boolean }) {
  const { opened } = useStore(weights);
  const { subject } = useStore(comparison);
  const chosen = subject?.kind === 'weights' ? keyOf(subject.reference) : NOTHING;
  const others = opened.map(({ id, fileName }) => [keyOf({ kind: 'file', id }), fileName] as const);
  const own =
    subject?.kind === 'weights' && subject.reference.kind !== 'file' ? [[chosen, labelOf(subject.reference, opened)] as const] : [];
  const choose = (key: string): void => {
    const file = opened.find(({ id }) => keyOf({ kind: 'file', id }) === key);
    compareWith(file ? { kind: 'weights', reference: { kind: 'file', id: file.id } } : null);
  };
  return (
    <>
      <Choice label="B" value={chosen} options={[[NOTHING, 'none'], ...own, ...others]} onChange={choose} testId="diff-b" />
      <StartOrStop
        busy={busy}
        label="Compare"
        testId="diff-run"
        disabled={diffPair() === null}
        onStart={compareFiles}
        onStop={stopDiff}
        stopTestId="diff-stop"
      />
    </>
  );
}

function Found({ report }: { readonly report: DiffReport }) {
  const parting = partingText(report);
  return (
    <>
      <p className={report.same ? 'good' : 'says-error'} role="status" data-testid="diff-verdict">
        {verdictText(report)}
      </p>
      {parting !== null && <p data-testid="diff-parting">{parting}</p>}
      {[...namesText(report), ...report.compared.how].map((text) => (
        <p key={text} className="faint">
          {text}
        </p>
      ))}
      <Deeds report={report} />
      {report.moved.length > 0 && <MovedTable report={report} />}
      <ChangePictures looks={report.looks} />
    </>
  );
}

function Deeds({ report }: { readonly report: DiffReport }) {
  const copy = async () => {
    await navigator.clipboard.writeText(diffMarkdown(report));
    notify('success', 'Copied the report as Markdown');
  };
  const figure = () => {
    const pair = diffPair();
    if (pair) askForFigure({ kind: 'weight-changes', change: { source: figureSource(pair.a), against: figureSource(pair.b) } });
  };
  return (
    <div className="row">
      <button type="button" className="button" data-testid="diff-copy" onClick={() => void attempt(copy)}>
        Copy as Markdown
      </button>
      <button type="button" className="button" data-testid="figure-of-weight-changes" onClick={figure}>
        Save figure
      </button>
    </div>
  );
}

function MovedTable({ report: { moved, compared } }: { readonly report: DiffReport }) {
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Weights that moved">
      <table data-testid="diff-moved">
        <caption className="faint">
          {`${moved.length} of ${compared.tensors} weights moved, the most moved first${moved.length > LISTED ? `; ${LISTED} of them are listed` : ''}`}
        </caption>
        <thead>
          <tr>
            <th>Weight</th>
            <NumberHeads titles={['Largest', 'Norm', 'Relative', 'Rank', 'Changed']} />
            <th>Worst cell</th>
          </tr>
        </thead>
        <tbody>
          {moved.slice(0, LISTED).map((one) => (
            <MovedRow key={one.name} weight={one} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MovedRow({ weight }: { readonly weight: MovedWeight }) {
  const { name, inB, maxAbs, norm, relative, rank, rankAtLeast, changed, values, worst } = weight;
  return (
    <tr>
      <td className="mono">{inB === null ? name : `${name} (${inB} in B)`}</td>
      <td className="number">{measured(maxAbs)}</td>
      <td className="number">{measured(norm)}</td>
      <td className="number">{measured(relative)}</td>
      <td className="number">{rankAtLeast ? `> ${rank}` : rank}</td>
      <td className="number">{`${exact(changed)} of ${exact(values)}`}</td>
      <td>{`${worst.place}: ${measured(worst.a)} in A, ${measured(worst.b)} in B`}</td>
    </tr>
  );
}
