// Which view belongs to which stage. Views are loaded when first shown, so that the window opens at once.
import { Component, lazy, Suspense, type ComponentType, type ReactNode } from 'react';
import type { Stage } from '../studio/navigation';
import { stages } from './stages';
import { messageOf } from '@shared/base/message-of';

const VIEWS: ReadonlyMap<Stage, ComponentType> = new Map(
  stages.map(({ stage, view }) => [stage, lazy(async () => ({ default: await view() }))]),
);

/** Loads every view when the window has time, so that the stages stay reachable should the service end. */
export function loadStagesWhenIdle(): void {
  requestIdleCallback(() => void Promise.allSettled(stages.map(({ view }) => view())));
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
