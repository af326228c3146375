// How the picture is drawn: pooling, colours and their limits; and the keys of the panes.
import { COLOUR_SCALE_NAMES, colourScale, type ColourScaleName } from '@shared/colour/scales';
import { VALUE_TRANSFORMS, valueTransform } from '@shared/colour/transform';
import type { PoolRule } from '@shared/matrix/pool';
import { Choice, NumberField } from '../../../ui/controls';
import { chooseTransform, explorer } from '../explorer';
import { KEY_HELP } from '../panes/keys';
import { useExplorer } from '../useExplorer';

const RULES: readonly (readonly [PoolRule, string])[] = [
  ['maxMagnitude', 'Largest magnitude'],
  ['mean', 'Mean'],
  ['min', 'Smallest'],
  ['max', 'Largest'],
];

const set = explorer.setState;

export function ViewPanel() {
  const { rule } = useExplorer('rule');
  return (
    <div className="panel-stack" data-testid="panel-view">
      <div className="settings-grid">
        <ColourChoices />
        <LimitFields />
        <div className="wide">
          <Choice label="A dot shows" value={rule} options={RULES} onChange={(next) => set({ rule: next })} testId="matrices-rule" />
        </div>
      </div>
      <Checks />
      <KeyHelp />
    </div>
  );
}

const MAPS = COLOUR_SCALE_NAMES.map((name) => [name, colourScale(name).label] as const);
const TRANSFORM_CHOICES = VALUE_TRANSFORMS.map((name) => [name, valueTransform(name).label] as const);

function ColourChoices() {
  const { map, transform } = useExplorer('map', 'transform');
  const chooseMap = (next: ColourScaleName) => set({ map: next, magnitude: colourScale(next).limits === 'from-zero' });
  return (
    <>
      <Choice label="Colours" value={map} options={MAPS} onChange={chooseMap} testId="matrices-colormap" />
      <Choice label="Scale" value={transform} options={TRANSFORM_CHOICES} onChange={chooseTransform} testId="matrices-transform" />
    </>
  );
}

const DEFAULT_PERCENT = 99.5;

/** Where the colours end: at a share of the magnitudes, or at a number (0 goes back to the share). */
function LimitFields() {
  const { limits } = useExplorer('limits');
  const byPercent = (percent: number) => set({ limits: { kind: 'percentile', percent } });
  const byValue = (high: number) => (high > 0 ? set({ limits: { kind: 'numbers', low: -high, high } }) : byPercent(DEFAULT_PERCENT));
  const [percent, high] = limits.kind === 'percentile' ? [limits.percent, 0] : [100, limits.high];
  return (
    <>
      <NumberField
        label="Colours end at %"
        value={percent}
        min={50}
        max={100}
        step="any"
        onChange={byPercent}
        testId="matrices-percentile"
      />
      <NumberField label="or at value" value={high} min={0} step="any" onChange={byValue} testId="matrices-limit" />
    </>
  );
}

function Checks() {
  const { magnitude, shared, markClipped } = useExplorer('magnitude', 'shared', 'markClipped');
  return (
    <div className="matrix-checks">
      <Check label="|w|" checked={magnitude} onChange={(next) => set({ magnitude: next })} />
      <Check label="one scale for all" checked={shared} onChange={(next) => set({ shared: next })} />
      <Check label="mark clipped" checked={markClipped} onChange={(next) => set({ markClipped: next })} />
    </div>
  );
}

interface CheckProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (next: boolean) => void;
}

function Check({ label, checked, onChange }: CheckProps) {
  return (
    <label>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}

/** The keys of the panes. */
function KeyHelp() {
  return (
    <dl className="matrix-keys" aria-label="Keys">
      {KEY_HELP.map(([keys, what]) => (
        <div key={keys}>
          <dt>{keys}</dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}
