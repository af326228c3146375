// The ablation: what one button trains, and which variants are done, under way and to come. It is the service's:
// it goes on when this window is closed.
import { SaveFigureButton } from '../../studio/SaveFigureButton';
import { useStore } from 'zustand';
import type { AblationStatus, VariantState } from '@shared/training/ablation';
import { ablation, isAblationOpen, variantsOf } from './ablation';
import { runs } from '../../studio/runs/runs';
import { network } from '../../studio/network/network';
import { CommandButton } from '../../studio/CommandButton';
import { trainingCommands } from './commands';
import { Panel } from '../../studio/Stage';

export function AblationPanel() {
  const variants = variantsOf(useStore(network, (state) => state.entry));
  const { status } = useStore(ablation);
  if (variants.length < 2 && status === null) return null;
  return (
    <Panel title="Ablation" testId="ablation">
      <div className="stack">
        <div className="row">
          {variants.length > 1 && (
            <CommandButton command={trainingCommands['start-ablation']}>{`Train all ${variants.length} variants`}</CommandButton>
          )}
          {status?.underWay && <CommandButton command={trainingCommands['stop-ablation']}>Stop the ablation</CommandButton>}
          {status !== null && <SaveFigure status={status} />}
          {isAblationOpen() && <CommandButton command={trainingCommands['resume-ablation']}>Go on with the ablation</CommandButton>}
        </div>
        {variants.length > 1 && !status?.underWay && (
          <p className="faint">{`${variants.join(', ')}: one after the other, same data, recipe and seed.`}</p>
        )}
        {status !== null && <StatusText status={status} />}
      </div>
    </Panel>
  );
}

/** The curves of the variants trained so far as a figure, all on one pair of axes. */
function SaveFigure({ status: { variants } }: { readonly status: AblationStatus }) {
  const list = useStore(runs, (state) => state.list);
  const folders = variants.flatMap(({ run }) => list.filter(({ name }) => name === run).map(({ folder }) => folder));
  return (
    <SaveFigureButton
      testId="figure-of-ablation"
      what="the curves of these variants"
      disabled={folders.length === 0}
      asked={() => ({ kind: 'run-curves', change: { runs: folders, seeds: 'apart', shown: 'both' } })}
    />
  );
}

const STATE_WORDS: Readonly<Record<VariantState, string>> = {
  waiting: 'to come',
  training: 'under way',
  finished: 'done',
  stopped: 'stopped',
  failed: 'failed',
};

function StatusText({ status: { variants, underWay, ended } }: { readonly status: AblationStatus }) {
  return (
    <>
      <ul className="variants" data-testid="ablation-variants">
        {variants.map(({ model: name, run, state }) => (
          <li key={name} data-state={state} data-testid={`variant-${name}`} title={run === null ? undefined : `Its run: ${run}`}>
            <span>{name}</span>
            <span className="tag">{STATE_WORDS[state]}</span>
          </li>
        ))}
      </ul>
      {underWay && <p className="faint">It goes on when this window is closed. Stopping the run under way ends it, too.</p>}
      {ended !== '' && <p className="says-warning">{ended}</p>}
    </>
  );
}
