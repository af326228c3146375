// One line in the head of the stage: what is compared and how, the layout, zoom, the panel and the full screen. All else about the
// picture stands in the panel (panels/ViewPanel.tsx).
import { CommandButton } from '../../studio/CommandButton';
import { Icon } from '../../studio/icons';
import { Choice, Segments } from '../../ui/controls';
import { matrixCommands } from './commands';
import { OtherChoice } from './Compare';
import { compareBy, explorer, type LayoutName, type Mode } from './explorer';
import { panesOf, type ExplorerInput } from './matrix-set';
import { useExplorer } from './useExplorer';

const MODES: readonly (readonly [Mode, string])[] = [
  ['side', 'Side by side'],
  ['split', 'Split'],
  ['flicker', 'Flicker'],
];
const LAYOUTS: readonly (readonly [LayoutName, string])[] = [
  ['stored', 'As stored'],
  ['blockDiagonal', 'All groups'],
  ['gridOfGrids', 'Map of maps'],
  ['byPosition', 'By position'],
  ['offsets', 'By offset'],
];

export function Tools({ input }: { readonly input: ExplorerInput }) {
  const { geometry } = input;
  const { mode, layout } = useExplorer('mode', 'layout');
  const layouts = LAYOUTS.filter(([name]) => name === 'stored' || (geometry && (name !== 'blockDiagonal' || geometry.groups > 1)));
  return (
    <div className="matrix-tools" role="toolbar" aria-label="The picture">
      <OtherChoice />
      {panesOf(input).length > 1 && <Segments label="Compare" value={mode} options={MODES} onChange={compareBy} testId="matrices-mode" />}
      <Choice
        label="Layout"
        value={layout}
        options={layouts}
        onChange={(next) => explorer.setState({ layout: next })}
        testId="matrices-layout"
      />
      <ZoomButtons />
      <PanelButton />
      <CommandButton command={matrixCommands['matrices-full-screen']}>
        <Icon name="fullScreen" size={16} />
      </CommandButton>
      <CommandButton command={matrixCommands['export-matrices-figure']}>Save figure</CommandButton>
    </div>
  );
}

function ZoomButtons() {
  return (
    <div className="row close-row">
      <CommandButton command={matrixCommands['matrices-zoom-in']}>+</CommandButton>
      <CommandButton command={matrixCommands['matrices-zoom-out']}>−</CommandButton>
      <CommandButton command={matrixCommands['matrices-reset']}>Whole</CommandButton>
    </div>
  );
}

function PanelButton() {
  return <CommandButton command={matrixCommands['matrices-panel-toggle']}>Panel</CommandButton>;
}
