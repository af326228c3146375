// Which view belongs to which stage. Views are loaded when first shown, so that the window opens at once.
import { Component, lazy, Suspense, type ComponentType, type ReactNode } from 'react';
import { type Stage } from '../../state/navigation';
import { messageOf } from '../../state/notices';

const LOADERS: Readonly<Record<Stage, () => Promise<{ default: ComponentType }>>> = {
  dataset: async () => ({ default: (await import('../../views/dataset/DatasetView')).DatasetView }),
  model: async () => ({ default: (await import('../../views/model/ModelView')).ModelView }),
  training: async () => ({ default: (await import('../../views/training/TrainingView')).TrainingView }),
  merge: async () => ({ default: (await import('../../views/merge/MergeView')).MergeView }),
  matrices: loadMatrices,
  patterns: async () => ({ default: (await import('../../views/patterns/PatternsView')).PatternsView }),
  cost: async () => ({ default: (await import('../../views/cost/CostView')).CostView }),
  export: async () => ({ default: (await import('../../views/export/ExportView')).ExportView }),
  checkpoint: async () => ({ default: (await import('../../views/checkpoint/CheckpointView')).CheckpointView }),
};
const VIEWS = Object.fromEntries(Object.entries(LOADERS).map(([stage, load]) => [stage, lazy(load)])) as unknown as Readonly<
  Record<Stage, ComponentType>
>;

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
  const modules = import.meta.glob<{ MatricesView?: ComponentType }>('../../views/matrices/{index,MatricesView}.{ts,tsx}');
  for (const load of Object.values(modules)) {
    const { MatricesView } = await load();
    if (MatricesView) return { default: MatricesView };
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
