// Out to the GPUs: the network and recipe of the next run as a folder for PyTorch, with numbers that prove its arithmetic.
import { useState } from 'react';
import { useStore } from 'zustand';
import type { BundleStep } from '@shared/link/studio';
import { seed } from '@shared/tensor/random';
import { network } from '../../studio/network/network';
import { attempt } from '../../studio/notices';
import { connection, studio } from '../../studio/studio';
import { Panel } from '../../studio/Stage';
import { PathEntry } from '../../ui/PathEntry';
import { training } from './training';

export function BundlePanel() {
  const [step, setStep] = useState<BundleStep | null>(null);
  const [busy, setBusy] = useState(false);
  const connected = useStore(connection, (state) => state.client !== null);
  const spec = useStore(network, (state) => state.spec);
  const recipe = useStore(training, (state) => state.recipe);
  const write = async (folder: string): Promise<void> => {
    if (spec === null || recipe === null) return;
    setBusy(true);
    setStep(null);
    try {
      for await (const one of await studio().training.bundle({ spec, recipe, seed: seed(training.getState().seed), folder })) setStep(one);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel title="Train it with PyTorch" says="a folder for torchrun" testId="bundle">
      <p>The network and recipe chosen here, with ten steps computed here that the folder's own check must find again.</p>
      <div className="row">
        <PathEntry
          label="A new folder on the service's machine"
          size={32}
          testId="bundle-path"
          action="Write it"
          actionTestId="write-bundle"
          waits={!connected || busy || spec === null || recipe === null}
          take={(folder) => void attempt(() => write(folder))}
        />
      </div>
      <p role="status" data-testid="bundle-state">
        {busy || step?.type === 'written' ? stateText(step) : ''}
      </p>
    </Panel>
  );
}

function stateText(step: BundleStep | null): string {
  if (step === null) return 'Drawing the first weights.';
  if (step.type === 'steps') return `Step ${step.done} of ${step.total}.`;
  const proof = step.unproved === null ? `ten steps in float32 on ${step.backend} to check against` : `not proved: ${step.unproved}`;
  return `${step.folder}: ${step.files.length} files, ${proof}. Next: python train.py --check`;
}
