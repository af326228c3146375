// The main job as a user does it, the same in every host: pick a model, train a few steps, stop, merge,
// read the verdict, look at a cell of the matrices, save a figure.
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

/** What was seen on the way. */
export interface MainJobOutcome {
  readonly step: number;
  readonly loss: number;
  readonly equivalent: string | null;
  readonly layersCompared: number;
  /** The verdict in full, with where it was computed. */
  readonly verdict: string;
  /** Values under the cursor: before, added, after. */
  readonly cell: readonly number[];
  readonly figure: string;
  /** Messages of the tone `error` on screen. */
  readonly complaints: readonly string[];
}

/** Steps to wait for before training is stopped. */
const STEPS = 3;

/** Does the main job in a window that shows the studio. `shots` names a folder for a screenshot of every stage. */
export async function mainJob(page: Page, shots: string | null = null): Promise<MainJobOutcome> {
  const shoot = async (stage: string): Promise<void> => {
    if (shots !== null) await page.screenshot({ path: `${shots}/${stage}.png` });
  };
  const trained = await train(page, shoot);
  const merged = await merge(page, shoot);
  const cell = await lookAtMatrices(page, shoot);
  const figure = await saveFigure(page, shoot);
  const complaints = await page.getByTestId('notice-error').allTextContents();
  return { ...trained, ...merged, cell, figure, complaints };
}

type Shoot = (stage: string) => Promise<void>;

/** Trains the small network a few steps and stops. */
export async function train(page: Page, shoot: Shoot = () => Promise.resolve()): Promise<{ step: number; loss: number }> {
  await page.getByTestId('rail-model').click();
  await page.getByTestId('zoo-pure-mlp-small').click();
  await shoot('model');
  await page.getByTestId('rail-training').click();
  await page.getByTestId('run-name').fill('main-job');
  await page.getByTestId('start-training').click();
  await page.waitForFunction(
    (steps) => Number(document.querySelector('[data-testid=step]')?.textContent?.match(/\d+/)?.[0]) >= steps,
    STEPS,
    {
      timeout: 100_000,
    },
  );
  await page.getByTestId('pause-training').click();
  await page.getByTestId('training-state').filter({ hasText: 'paused' }).waitFor();
  const loss = await numberIn(page, 'loss');
  await page.getByTestId('step-training').click();
  await shoot('training');
  await page.getByTestId('stop-training').click();
  await page.getByTestId('training-state').filter({ hasText: 'stopped' }).waitFor();
  return { step: await numberIn(page, 'step'), loss };
}

async function merge(page: Page, shoot: Shoot): Promise<Pick<MainJobOutcome, 'equivalent' | 'layersCompared' | 'verdict'>> {
  await page.getByTestId('merge-run-main-job').click();
  await page.getByTestId('stage-merge').waitFor();
  await page.getByTestId('run-merge').click();
  const verdict = page.getByTestId('verdict');
  await verdict.waitFor({ timeout: 60_000 });
  await shoot('merge');
  const layersCompared = await page.getByTestId('layers').locator('tbody tr').count();
  return { equivalent: await verdict.getAttribute('data-equivalent'), layersCompared, verdict: (await verdict.textContent()) ?? '' };
}

async function lookAtMatrices(page: Page, shoot: Shoot): Promise<number[]> {
  await page.getByTestId('rail-matrix').click();
  const pane = page.getByTestId('pane-after');
  await pane.waitFor();
  const box = await pane.boundingBox();
  if (box === null) throw new Error('the matrix after the merge is not drawn');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.getByTestId('cell-after').waitFor();
  await shoot('matrix');
  return Promise.all(['before', 'added', 'after'].map((id) => numberIn(page, `cell-${id}`)));
}

async function saveFigure(page: Page, shoot: Shoot): Promise<string> {
  await page.getByTestId('rail-figure').click();
  await page.getByTestId('figure-matrices').click();
  await page.getByTestId('figure-preview').waitFor();
  await shoot('figure');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-figure').click()]);
  return readFile(await download.path(), 'utf8');
}

/** The number in an element's text, with a typographic or plain minus sign. */
async function numberIn(page: Page, testId: string): Promise<number> {
  const text = (await page.getByTestId(testId).textContent()) ?? '';
  const match = /[-−]?\d[\d.]*(?:e[-+]?\d+)?/i.exec(text);
  if (match === null) throw new Error(`there is no number in ${testId}: "${text}"`);
  return Number(match[0].replace('−', '-'));
}
