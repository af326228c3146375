// What tests of families do in the window: open a reference case, merge it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll } from 'vitest';
import { familyCase, trainWeights } from '../../testing/families/cases';
import type { NamedTensors } from '../../src-shared/tensor/tensor';
import { saved } from '../cli/repmlp';
import { withStudio } from './studio-in-tests';

/** The window, a folder of its own, and the way from a case's weights to the merge. */
export interface FamilyWindow {
  readonly page: Page;
  readonly folder: string;
  /** Errors of the page, as they come. */
  readonly problems: readonly string[];
  /** Opens a reference case's training form by its path. */
  open(id: string): Promise<string>;
  /** Opens tensors as a file of this name. */
  openTensors(name: string, tensors: NamedTensors): Promise<string>;
  /** Goes to the merge of the file that is shown, and merges. */
  merge(): Promise<void>;
}

/** Opens the studio before the first test of a file. */
export function withFamilyWindow(opened: (window: FamilyWindow) => unknown): void {
  let folder: string;
  withStudio(async ({ page, problems }) => {
    folder = await mkdtemp(join(tmpdir(), 'repmlp-families-'));
    const openTensors = async (name: string, tensors: NamedTensors): Promise<string> => {
      const path = await saved(folder, `${name}.safetensors`, tensors);
      await page.getByTestId('rail-checkpoint').click();
      await page.getByTestId('checkpoint-path').fill(path);
      await page.getByTestId('open-path').click();
      await page
        .getByTestId('checkpoint')
        .filter({ hasText: `${name}.safetensors` })
        .waitFor();
      return path;
    };
    opened({
      ...{ page, folder, problems, openTensors },
      open: (id) => openTensors(id, trainWeights(familyCase(id))),
      merge: async () => {
        await page.getByTestId('merge-file').click();
        await page.getByTestId('run-merge').click();
        await page.getByTestId('verdict').waitFor({ timeout: 60_000 });
      },
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
}
