// Which view belongs to which stage. Views are loaded when first shown, so that the window opens at once.
import { Component, lazy, Suspense, type ComponentType, type ReactNode } from 'react';
import { STAGE_TEXT, type Stage } from '../studio/navigation';
import { homeStage } from '../stages/home';
import { loadWhole } from './load-whole';
import { messageOf } from '@shared/base/message-of';
import { firstPicture } from '../studio/first-picture';
import { attempt } from '../studio/notices';
import type { StageDoor } from '../studio/stage-door';

/** By name, so that the first screen is there before any other stage is loaded. */
const VIEWS: ReadonlyMap<string, ComponentType> = new Map(
  Object.keys(STAGE_TEXT).map((name) => [name, lazy(async () => ({ default: await (await doorOf(name)).view() }))]),
);

async function doorOf(name: string): Promise<StageDoor> {
  if (name === homeStage.stage) return homeStage;
  const door = (await loadWhole()).stages.find(({ stage }) => stage === name);
  if (!door) throw new Error(`There is no stage ${name}.`);
  return door;
}

/** Loads the rest once the first picture stands, then every view when the window has time, so that all stays reachable should the service end. */
export function loadStagesWhenIdle(): void {
  const load = async (): Promise<void> => {
    const { stages } = await loadWhole();
    requestIdleCallback(() => void Promise.allSettled(stages.map(({ view }) => view())));
  };
  void firstPicture.then(() => attempt(load));
}

export function StageView({ stage }: { readonly stage: Stage }) {
  const View = VIEWS.get(stage);
  return (
    <StageBoundary key={stage}>
      <Suspense fallback={<p className="empty">Loading</p>}>{View && <View />}</Suspense>
    </StageBoundary>
  );
}

/** A stage that fails says so in its place; the rest of the window goes on. */
class StageBoundary extends Component<{ readonly children: ReactNode }, { readonly problem: string | null }> {
  override state = { problem: null };

  static getDerivedStateFromError(error: unknown) {
    return { problem: messageOf(error) };
  }

  override render() {
    if (this.state.problem === null) return this.props.children;
    return (
      <div className="stage-body">
        <p className="says-error" role="alert">{`This stage could not be shown: ${this.state.problem}`}</p>
      </div>
    );
  }
}
