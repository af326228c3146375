// The patterns stage: where each layer looks, before and after merging, in numbers and pictures.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { attempt } from '../../studio/notices';
import { analyseBlocks, patterns, type Patterns } from './pattern';
import { connection } from '../../studio/studio';
import { keyOf, weights } from '../../studio/network/weights';
import { CommandButton } from '../../studio/CommandButton';
import { patternCommands } from './commands';
import { OneByOne } from '../../ui/OneByOne';
import { Stage } from '../../studio/Stage';
import { familyFileInFocus } from '../../studio/families/families';
import { BlockPicker } from '../../studio/network/BlockPicker';
import { Beside } from './series/Beside';
import { BlockDetail } from './block/BlockDetail';
import { BlockTable } from './BlockTable';
import { KernelPatterns } from './kernels/KernelPatterns';
import { FieldPanel } from './field/FieldPanel';
import { Epochs } from './series/Epochs';
import './pattern.css';

export function PatternView() {
  const { reference, block } = useStore(weights);
  const family = useStore(weights, familyFileInFocus);
  const state = useStore(patterns);
  const connected = useStore(connection, ({ client }) => client !== null);
  useEffect(() => {
    if (connected && block !== null) void attempt(() => analyseBlocks([block]));
  }, [connected, reference, block]);
  const known = state.key === keyOf(reference) ? state.byBlock : new Map<string, never>();
  const shown = block === null ? undefined : known.get(block);
  // A file whose groups are all that is known of it has no blocks to choose among.
  const groupsAlone = family !== null && family.inside.length === 0;
  return (
    <Stage name="pattern" tools={!groupsAlone && <Tools busy={state.busy} />} ofWeights>
      <div className="stack">
        <Busy busy={state.busy} />
        {state.problem && (
          <p className="says-error" role="alert">
            {state.problem}
          </p>
        )}
        {family && <KernelPatterns key={family.id} file={family} />}
        {block === null && !family && <p className="empty">Choose train-form weights with RepMLP blocks.</p>}
        <OneByOne>
          {shown && <BlockDetail key={shown.path} pattern={shown} />}
          {shown && <Beside pattern={shown} />}
          {shown && <Epochs block={shown.path} />}
          {known.size > 0 && <BlockTable known={known} />}
        </OneByOne>
        {!groupsAlone && <FieldPanel />}
      </div>
    </Stage>
  );
}

function Tools({ busy }: Pick<Patterns, 'busy'>) {
  return (
    <>
      <BlockPicker />
      {busy ? (
        <CommandButton command={patternCommands['stop-analysis']}>Stop</CommandButton>
      ) : (
        <CommandButton command={patternCommands['analyse-all']} />
      )}
      <CommandButton command={patternCommands['pattern-details']}>All details</CommandButton>
    </>
  );
}

function Busy({ busy }: Pick<Patterns, 'busy'>) {
  if (!busy) return null;
  return (
    <div className="stack" role="status">
      <progress max={busy.total} value={busy.done} aria-label="Analysis" />
      <span className="faint">{`Analysing ${busy.block}, ${busy.done + 1} of ${busy.total}`}</span>
    </div>
  );
}
