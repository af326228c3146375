// The explorer's controls: block, comparison, layout, pooling rule and colours.
import { CommandButton } from '../../studio/CommandButton';
import { Choice, NumberField, Segments } from '../../ui/controls';
import { matrixCommands } from './commands';
import { COLOUR_SCALE_NAMES, colourScale, type ColourScaleName } from '@shared/colour/scales';
import type { PoolRule } from '@shared/matrix/pool';
import { VALUE_TRANSFORMS, valueTransform } from '@shared/colour/transform';
import { OtherChoice } from './Compare';
import { chooseTransform, explorer, type LayoutName, type Mode } from './explorer';
import { panesOf, type ExplorerInput } from './matrix-set';
import { useExplorer } from './useExplorer';

const MODES: readonly (readonly [Mode, string])[] = [
  ['side', 'Side by side'],
  ['split', 'Split'],
  ['flicker', 'Flicker'],
];
const LAYOUTS: readonly (readonly [LayoutName, string])[] = [
  ['stored', 'Matrix as stored'],
  ['blockDiagonal', 'Full matrix, all groups'],
  ['gridOfGrids', 'Map of maps'],
  ['byPosition', 'Ordered by position'],
  ['offsets', 'By distance to the diagonal'],
];
const RULES: readonly (readonly [PoolRule, string])[] = [
  ['maxMagnitude', 'Largest magnitude'],
  ['mean', 'Mean'],
  ['min', 'Smallest'],
  ['max', 'Largest'],
];

const set = explorer.setState;

export function Tools({ input }: { readonly input: ExplorerInput }) {
  const { geometry } = input;
  const { mode, layout, rule } = useExplorer('mode', 'layout', 'rule');
  const layouts = LAYOUTS.filter(([name]) => name === 'stored' || (geometry && (name !== 'blockDiagonal' || geometry.groups > 1)));
  return (
    <div className="matrix-tools">
      <OtherChoice />
      {panesOf(input).length > 1 && (
        <div className="field">
          <span>Compare</span>
          <Segments label="Compare" value={mode} options={MODES} onChange={(next) => set({ mode: next })} testId="matrices-mode" />
        </div>
      )}
      <Choice label="Layout" value={layout} options={layouts} onChange={(next) => set({ layout: next })} testId="matrices-layout" />
      <Choice label="A dot shows" value={rule} options={RULES} onChange={(next) => set({ rule: next })} testId="matrices-rule" />
      <ColourChoices />
      <LimitFields />
      <Checks />
      <ZoomButtons />
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

function ZoomButtons() {
  return (
    <div className="row">
      <CommandButton command={matrixCommands['matrices-zoom-in']}>+</CommandButton>
      <CommandButton command={matrixCommands['matrices-zoom-out']}>-</CommandButton>
      <CommandButton command={matrixCommands['matrices-reset']}>Whole</CommandButton>
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
