// The explorer's controls: block, comparison, layout, pooling rule and colours.
import { useStore } from 'zustand/react';
import { Choice, NumberField, Segments } from '../../ui/controls';
import { COLORMAPS, type ColormapName } from '../../gl/colormap';
import type { PoolRule } from '../../gl/pool';
import { TRANSFORMS, type TransformName } from '../../gl/scale';
import { OtherChoice } from './Compare';
import { explorer, resetCamera, zoomBy, type LayoutName, type Mode } from './explorer';
import type { MatrixGeometry } from '../../gl/geometry';

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
const TRANSFORM_TEXT: Readonly<Record<TransformName, string>> = {
  linear: 'Linear',
  symlog: 'Symmetric log',
  rank: 'Rank',
  logRatio: 'ln(|w| / min |w|)',
};

export function Tools({ geometry }: { readonly geometry: MatrixGeometry | null }) {
  const { mode, layout, rule, map, transform, magnitude, limits, shared, markClipped } = useStore(explorer);
  const set = explorer.setState;
  const layouts = LAYOUTS.filter(([name]) => name === 'stored' || (geometry && (name !== 'blockDiagonal' || geometry.groups > 1)));
  return (
    <div className="matrix-tools">
      <OtherChoice />
      <div className="field">
        <span>Compare</span>
        <Segments label="Compare" value={mode} options={MODES} onChange={(next) => set({ mode: next })} testId="matrices-mode" />
      </div>
      <Choice label="Layout" value={layout} options={layouts} onChange={(next) => set({ layout: next })} testId="matrices-layout" />
      <Choice label="A dot shows" value={rule} options={RULES} onChange={(next) => set({ rule: next })} testId="matrices-rule" />
      <Choice
        label="Colours"
        value={map}
        options={(Object.keys(COLORMAPS) as ColormapName[]).map((name) => [name, COLORMAPS[name].label] as const)}
        onChange={(next) => set({ map: next, magnitude: !COLORMAPS[next].diverging })}
        testId="matrices-colormap"
      />
      <Choice
        label="Scale"
        value={transform}
        options={TRANSFORMS.map((name) => [name, TRANSFORM_TEXT[name]] as const)}
        onChange={chooseTransform}
        testId="matrices-transform"
      />
      <NumberField
        label="Colours end at %"
        value={limits.kind === 'percentile' ? limits.percent : 100}
        min={50}
        max={100}
        step="any"
        onChange={(percent) => set({ limits: { kind: 'percentile', percent } })}
        testId="matrices-percentile"
      />
      <NumberField
        label="or at value"
        value={limits.kind === 'numbers' ? limits.high : 0}
        min={0}
        step="any"
        onChange={(high) => set({ limits: high > 0 ? { kind: 'numbers', low: -high, high } : { kind: 'percentile', percent: 99.5 } })}
        testId="matrices-limit"
      />
      <div className="matrix-checks">
        <Check label="|w|" checked={magnitude} onChange={(next) => set({ magnitude: next })} />
        <Check label="one scale for all" checked={shared} onChange={(next) => set({ shared: next })} />
        <Check label="mark clipped" checked={markClipped} onChange={(next) => set({ markClipped: next })} />
      </div>
      <div className="row">
        <button type="button" className="button quiet" onClick={() => zoomBy(1.6)} aria-label="Zoom in" title="Zoom in (+)">
          +
        </button>
        <button type="button" className="button quiet" onClick={() => zoomBy(1 / 1.6)} aria-label="Zoom out" title="Zoom out (-)">
          -
        </button>
        <button type="button" className="button quiet" onClick={resetCamera} title="Show everything (0)">
          Whole
        </button>
      </div>
    </div>
  );
}

/** The paper's log ratio is of magnitudes: it brings a sequential map. */
function chooseTransform(transform: TransformName): void {
  const { map } = explorer.getState();
  const sequential = transform === 'logRatio' && COLORMAPS[map].diverging;
  explorer.setState(sequential ? { transform, map: 'paperGreen' } : { transform });
}

function Check({
  label,
  checked,
  onChange,
}: {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (next: boolean) => void;
}) {
  return (
    <label>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}
