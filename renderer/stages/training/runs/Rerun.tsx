// A run trained again from its own record, and what differs: started here, compared when it has ended.
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { ListedRun } from '@shared/link/studio';
import { rerunLines, type RerunReport } from '@shared/run/rerun';
import { attempt, notify } from '../../../studio/notices';
import { refreshRuns, runs } from '../../../studio/runs/runs';
import { studio } from '../../../studio/studio';
import { pickUpRun } from '../training';
import { Choice } from '../../../ui/controls';

const NOTHING = '';

export function Rerun({ run: { name } }: { readonly run: ListedRun }) {
  const { list, active } = useStore(runs);
  const [again, setAgain] = useState<string>(NOTHING);
  const [report, setReport] = useState<RerunReport | null>(null);
  const isTraining = active.includes(again);
  useEffect(() => {
    setReport(null);
    if (again === NOTHING || isTraining) return;
    let isShown = true;
    void attempt(async () => {
      const found = await studio().run.compare({ run: name, again });
      if (isShown) setReport(found);
    });
    return () => void (isShown = false);
  }, [name, again, isTraining]);
  const start = async (): Promise<void> => {
    const started = await studio().training.rerun({ run: name });
    started.notes.forEach((note) => notify('warning', note));
    void pickUpRun(started.run);
    await refreshRuns();
    setAgain(started.run);
  };
  const others = list.filter((one) => one.name !== name).map((one) => [one.name, one.name] as const);
  return (
    <div className="stack" data-testid="rerun">
      <div className="row">
        <button type="button" className="button" data-testid="rerun-start" onClick={() => void attempt(start)}>
          Train it again from its record
        </button>
        <Choice label="or compare with" value={again} options={[[NOTHING, 'no run'], ...others]} onChange={setAgain} testId="rerun-with" />
      </div>
      {isTraining && (
        <p className="faint" role="status">
          {`${again} is training; what differs is said when it has ended.`}
        </p>
      )}
      {report && <Report report={report} />}
    </div>
  );
}

function Report({ report }: { readonly report: RerunReport }) {
  const [first, ...rest] = rerunLines(report);
  return (
    <div data-testid="rerun-report">
      <p className={report.same ? '' : 'says-warning'} role="status">
        {first}
      </p>
      {rest.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}
