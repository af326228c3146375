// The left rail: the stages in the order of the data's way, then the weights at hand.
import { useStore } from 'zustand';
import { goTo, navigation, STAGE_TEXT, STAGES, showPalette, type Stage } from '../studio/navigation';
import { nextTheme, theme } from '../studio/theme';
import { allCommandRecords, type CommandId } from '@shared/link/commands';
import { isMac, keysText } from '../studio/command';
import { Icon, type IconName } from '../studio/icons';

export function Rail() {
  const choice = useStore(theme, (state) => state.choice);
  return (
    <nav className="rail" aria-label="Stages" data-testid="rail">
      <div className="rail-brand">
        <Icon name="matrix" size={20} />
        <span>RepMLP Studio</span>
      </div>
      <StageEntry stage="home" />
      <StageEntry stage="lesson" />
      <StageEntry stage="convolution" />
      <div className="rail-rule" />
      {STAGES.map((stage) => (
        <StageEntry key={stage} stage={stage} />
      ))}
      <div className="rail-rule" />
      <StageEntry stage="checkpoint" />
      <div className="rail-foot">
        <RailButton icon="search" label="Commands" hint={hintOf('palette')} testId="rail-palette" onClick={() => showPalette(true)} />
        <StageEntry stage="settings" />
        <RailButton icon="theme" label={`Theme: ${choice}`} testId="rail-theme" onClick={nextTheme} />
      </div>
    </nav>
  );
}

function StageEntry({ stage }: { readonly stage: Stage }) {
  const current = useStore(navigation, (state) => state.stage === stage);
  return (
    <RailButton
      icon={stage}
      label={STAGE_TEXT[stage].title}
      hint={hintOf(`go-${stage}`)}
      testId={`rail-${stage}`}
      current={current}
      onClick={() => goTo(stage)}
    />
  );
}

/** A command's keys, as the rail writes them. */
function hintOf(command: CommandId<'shell'>): string {
  const { keys = '' } = allCommandRecords.find(({ id }) => id === command) ?? {};
  return keysText(keys, isMac()).replaceAll('+', ' ');
}

interface RailButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly hint?: string;
  readonly testId: string;
  readonly current?: boolean;
  readonly onClick: () => void;
}

function RailButton({ icon, label, hint, testId, current, onClick }: RailButtonProps) {
  return (
    <button
      type="button"
      className="rail-item"
      data-testid={testId}
      aria-label={label}
      aria-current={current ? 'page' : undefined}
      onClick={onClick}
    >
      <Icon name={icon} />
      <span className="rail-label">{label}</span>
      <span className="rail-key">{hint}</span>
    </button>
  );
}
