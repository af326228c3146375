import type { Page } from 'playwright-core';

export async function takeReadmePictures(page: Page, folder: string): Promise<void> {
  void page;
  void folder;
}
