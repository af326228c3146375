import { expect, it, vi } from 'vitest';
import { TrainingControls } from './control';
import { train } from '../../../testing/training/fake-run';

// Commands come as messages, which are heard when the loop lets other work of its thread run.
const heard = vi.hoisted(() => ({ breaths: 0, onBreath: (_breath: number): void => undefined }));
vi.mock('../../base/yield-to-events', () => ({
  yieldToEvents: () => {
    heard.onBreath(++heard.breaths);
    return Promise.resolve();
  },
}));

it('the steps made before a pause are told before it', async () => {
  const controls = new TrainingControls();
  // The clock tells 10 ms with each look: results of many steps are read at once.
  heard.onBreath = (breath) => breath === 3 && controls.send({ action: 'pause' });
  const seen: string[] = [];
  await train({
    recipe: { epochs: 1 },
    controls,
    pace: 10,
    react: (event) => {
      if (event.type === 'step') seen.push(`step ${event.step}`);
      if (event.type === 'state') seen.push(event.state);
      if (event.type === 'state' && event.state === 'paused') setTimeout(() => controls.send({ action: 'resume' }));
    },
  });
  expect(seen).toEqual(['running', 'step 1', 'step 3', 'paused', 'running', 'step 4', 'finished']);
});
