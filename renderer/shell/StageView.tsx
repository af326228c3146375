// Which view belongs to which stage. Views are loaded when first shown, so that the window opens at once.
import { Component, lazy, Suspense, type ComponentType, type ReactNode } from 'react';
import { type Stage } from '../studio/navigation';
import { messageOf } from '../studio/notices';

const LOADERS: Readonly<Record<Stage, () => Promise<{ default: ComponentType }>>> = {
  dataset: async () => ({ default: (await import('../stages/dataset/DatasetView')).DatasetView }),
  model: async () => ({ default: (await import('../stages/model/ModelView')).ModelView }),
  training: async () => ({ default: (await import('../stages/training/TrainingView')).TrainingView }),
  merge: async () => ({ default: (await import('../stages/merge/MergeView')).MergeView }),
  matrix: loadMatrices,
  pattern: async () => ({ default: (await import('../stages/pattern/PatternView')).PatternView }),
  cost: async () => ({ default: (await import('../stages/cost/CostView')).CostView }),
  figure: async () => ({ default: (await import('../stages/figure/FigureView')).FigureView }),
  checkpoint: async () => ({ default: (await import('../stages/checkpoint/CheckpointView')).CheckpointView }),
};
const VIEWS: Readonly<Record<string, ComponentType>> = Object.fromEntries(
  Object.entries(LOADERS).map(([stage, load]) => [stage, lazy(load)]),
);

/** Loads every view when the window has time, so that the stages stay reachable should the service end. */
export function loadStagesWhenIdle(): void {
  requestIdleCallback(() => void Promise.allSettled(Object.values(LOADERS).map((load) => load())));
}

export function StageView({ stage }: { readonly stage: Stage }) {
  const View = VIEWS[stage];
  return (
    <StageBoundary key={stage}>
      <Suspense fallback={<p className="empty">Loading</p>}>
        <View />
      </Suspense>
    </StageBoundary>
  );
}

async function loadMatrices(): Promise<{ default: ComponentType }> {
  const modules = import.meta.glob<{ MatrixView?: ComponentType }>('../stages/matrix/{index,MatrixView}.{ts,tsx}');
  for (const load of Object.values(modules)) {
    const { MatrixView } = await load();
    if (MatrixView) return { default: MatrixView };
  }
  return { default: () => <p className="empty">The matrix explorer is not part of this build.</p> };
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
