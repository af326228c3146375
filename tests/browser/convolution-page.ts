// The convolution stage as tests use it: chapters, presses on its pictures, what it marks and says.
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

export const CHAPTERS = ['window', 'weight', 'pixel', 'pad', 'stride', 'channels', 'groups', 'kernels', 'batch-norm', 'fc', 'fold'];

/** Asked again until it holds: a busy machine is slow to draw. */
export const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 30_000 });

/** The stage in a page. */
export class ConvolutionPage {
  constructor(readonly page: Page) {}

  readonly input = (): Locator => this.page.getByTestId('convolution-input-0');
  readonly matrix = (): Locator => this.page.getByTestId('convolution-matrix');
  readonly output = (): Locator => this.page.getByTestId('convolution-output-0');
  readonly says = (): Promise<string | null> => this.page.getByTestId('convolution-says').textContent();

  async chapter(name: string): Promise<void> {
    await this.page.getByTestId('rail-convolution').click();
    await this.page.getByTestId(`chapter-${name}`).click();
    await this.page.locator(`[data-testid=chapter-${name}][aria-current=step]`).waitFor();
    await this.page.getByTestId('convolution-says').waitFor({ timeout: 60_000 });
  }

  /** Drags a finger over a picture of `rows` x `columns` cells, from one [row, column] to another; taps where they are the same. */
  async touch(picture: Locator, [rows, columns]: readonly [number, number], from: readonly number[], to: readonly number[]): Promise<void> {
    await picture.scrollIntoViewIfNeeded();
    const box = await picture.boundingBox();
    if (!box) throw new Error('the picture is not shown');
    const at = ([row, column]: readonly number[]) => ({
      x: box.x + ((column + 0.5) / columns) * box.width,
      y: box.y + ((row + 0.5) / rows) * box.height,
    });
    const finger = await this.page.context().newCDPSession(this.page);
    await finger.send('Emulation.setTouchEmulationEnabled', { enabled: true });
    await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at(from)] });
    for (const share of from === to ? [] : [0.5, 1]) {
      const between = from.map((start, k) => start + share * (to[k] - start));
      await finger.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [at(between)] });
    }
    await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await finger.send('Emulation.setTouchEmulationEnabled', { enabled: false });
    await finger.detach();
  }
}

/** Presses a cell of a picture of `rows` x `columns` cells, those around it among them. */
export async function press(picture: Locator, row: number, column: number, [rows, columns]: readonly [number, number]): Promise<void> {
  const box = await picture.boundingBox();
  if (!box) throw new Error('the picture is not shown');
  await picture.click({ position: { x: ((column + 0.5) / columns) * box.width, y: ((row + 0.5) / rows) * box.height } });
}

/** The outlines over a picture as [x, y, width, height] in cells. */
export function boxes(picture: Locator): Promise<number[][]> {
  return picture
    .locator('rect.mark-line')
    .evaluateAll((all) => all.map((one) => ['x', 'y', 'width', 'height'].map((name) => Number(one.getAttribute(name)))));
}
