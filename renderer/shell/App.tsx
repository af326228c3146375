// The window: rail, one stage at a time, status line, notices and the command palette.
import { useStore } from 'zustand';
import { navigation } from '../studio/navigation';
import { FileDrop } from './FileDrop';
import { Notices } from './Notices';
import { Palette } from './Palette';
import { Rail } from './Rail';
import { StageView } from './StageView';
import { StatusBar } from './StatusBar';

export function App() {
  const stage = useStore(navigation, (state) => state.stage);
  return (
    <div className="frame">
      <Rail />
      <main className="stage" data-testid={`stage-${stage}`}>
        <StageView stage={stage} />
        <Notices />
      </main>
      <StatusBar />
      <Palette />
      <FileDrop />
    </div>
  );
}
