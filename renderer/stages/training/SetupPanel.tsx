// Network, data, backend and seed of the next run.
import { useStore } from 'zustand';
import { runFolderName } from '@shared/run/run-name';
import { LARGEST_SEED, seed } from '@shared/tensor/random';
import type { BackendChoice, RunSeeds } from '@shared/training/recipe/recipe';
import { ChosenFitNote, dataset, dataText } from '../dataset';
import { network } from '../../studio/network/network';
import { goTo } from '../../studio/navigation';
import { messageOf } from '@shared/base/message-of';
import { connection } from '../../studio/studio';
import { training } from './training';
import { Choice, Field, NumberField, Why } from '../../ui/controls';
import { Panel } from '../../studio/Stage';

export function SetupPanel() {
  const common = useStore(training, (state) => state.seed);
  const networkName = useStore(network, (state) => state.spec?.name ?? 'none: its settings do not fit');
  const data = useStore(dataset, dataText);
  return (
    <Panel title="Next run">
      <div className="stack">
        <Chosen label="Network" text={networkName} onChange={() => goTo('model')} />
        <Chosen label="Data" text={data} onChange={() => goTo('dataset')} />
        <ChosenFitNote />
        <BackendField />
        <div className="settings-grid">
          <NumberField
            label="Seed"
            hint="init, shuffle, augmentation"
            value={common}
            min={0}
            max={LARGEST_SEED}
            testId="training-seed"
            onChange={(value) => training.setState({ seed: value })}
          />
          <RunName />
        </div>
        <SeparateSeeds />
      </div>
    </Panel>
  );
}

function RunName() {
  const name = useStore(training, (state) => state.name);
  const { hint, wrong } = folderOf(name);
  return (
    <Field label="Run name" hint={hint}>
      <input
        type="text"
        value={name}
        aria-invalid={wrong}
        data-testid="run-name"
        onChange={({ target }) => training.setState({ name: target.value })}
      />
    </Field>
  );
}

/** What a run's name becomes, or why it cannot. */
function folderOf(name: string): { readonly hint: string; readonly wrong: boolean } {
  if (name.trim() === '') return { hint: 'left empty: model and seed', wrong: false };
  try {
    const folder = runFolderName(name);
    return { hint: folder === name.trim() ? '' : `becomes ${folder}`, wrong: false };
  } catch (error) {
    return { hint: messageOf(error), wrong: true };
  }
}

const SEED_USES: readonly (readonly [keyof RunSeeds, string])[] = [
  ['init', 'First weights'],
  ['shuffle', 'Order'],
  ['augmentation', 'Augmentation'],
];

/** One seed serves all three uses unless they are named apart. */
function SeparateSeeds() {
  const { seed: common, seeds } = useStore(training);
  const apart = Object.keys(seeds).length > 0;
  return (
    <details open={apart} data-testid="separate-seeds">
      <summary>Separate seeds</summary>
      <div className="settings-grid">
        {SEED_USES.map(([use, label]) => (
          <NumberField
            key={use}
            label={label}
            value={seeds[use] ?? common}
            min={0}
            max={LARGEST_SEED}
            testId={`seed-${use}`}
            onChange={(value) => training.setState({ seeds: withSeed(seeds, use, value, common) })}
          />
        ))}
      </div>
    </details>
  );
}

/** A seed that is the common one is not named apart. */
function withSeed(seeds: Partial<RunSeeds>, use: keyof RunSeeds, value: number, common: number): Partial<RunSeeds> {
  const others = Object.fromEntries(Object.entries(seeds).filter(([other]) => other !== use));
  return value === common ? others : { ...others, [use]: seed(value) };
}

function Chosen({ label, text, onChange }: { readonly label: string; readonly text: string; readonly onChange: () => void }) {
  return (
    <div className="row">
      <span className="field">
        <span>{label}</span>
        <strong>{text}</strong>
      </span>
      <button type="button" className="button quiet" aria-label={`Change: ${label}`} onClick={onChange}>
        Change
      </button>
    </div>
  );
}

/** Backend choice, each with what the start-up self-test found. */
function BackendField() {
  const choice = useStore(training, (state) => state.choice);
  const used = useStore(training, (state) => state.backend);
  const backends = useStore(connection, (state) => state.backends);
  const chosen = backends.find(({ name }) => name === choice);
  const options: (readonly [BackendChoice, string])[] = [
    ['auto', 'Automatic'],
    ...backends.map(
      ({ name, available, gflops }) =>
        [name, `${name}${available ? '' : ' (not available)'}${gflops ? `, ${gflops.toPrecision(3)} GFLOP/s` : ''}`] as const,
    ),
  ];
  return (
    <>
      <Choice
        label="Backend"
        value={choice}
        options={options}
        testId="backend"
        onChange={(value) => training.setState({ choice: value })}
      />
      {chosen && (
        <Why
          says={`${chosen.name} ${chosen.available ? 'works here' : 'is not available here'}.`}
          why={[chosen.device, chosen.note].filter(Boolean).join('. ')}
        />
      )}
      {used && <Why says={`Last run used ${used.name}.`} why={used.reason} testId="backend-reason" />}
    </>
  );
}
