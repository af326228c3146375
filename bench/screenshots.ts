// `npm run screenshots`: every stage of the window at three sizes in both themes, into `screenshots/`, to be looked at; and
// the few pictures of the README, made from the same window.
// `--only STAGE,STAGE`, `--size 1280x800`, `--theme dark` make fewer; `--whole` shows each stage to its end; `--readme` makes
// the pictures of the README anew and nothing else.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from '../tests/browser/chromium';
import { startStudioHost } from '../tests/browser/studio-host';
import { takeReadmePictures } from './screenshots/readme';
import { SIZES, THEMES, type Look, type Size, type Theme } from './screenshots/looks';
import { openSet } from './screenshots/set';
import { takeStages } from './screenshots/stages';
import { trainForScreenshots } from './screenshots/trained';

const FOLDER = 'screenshots';

/** Arguments as above. Throws a sentence for what is not one of them. */
export async function run(args: readonly string[]): Promise<void> {
  const { looks, only, whole, readme } = readArguments(args);
  const [browser, host] = await Promise.all([launchChromium(), startStudioHost()]);
  try {
    await trainForScreenshots(host.runsFolder);
    await mkdir(FOLDER, { recursive: true });
    // The address opens one window: all pictures are of it.
    const page = await openSet(browser, host.url);
    if (!readme) for (const look of looks) await takeStages(page, look, { only, whole, folder: FOLDER });
    if (readme || args.length === 0) await takeReadmePictures(page, join('assets', 'readme'));
  } finally {
    await browser.close();
    await host.stop();
  }
}

interface Wanted {
  readonly looks: readonly Look[];
  /** Stages by name; empty for all. */
  readonly only: readonly string[];
  readonly whole: boolean;
  readonly readme: boolean;
}

function readArguments(args: readonly string[]): Wanted {
  const string = { type: 'string' } as const;
  const boolean = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { only: string, size: string, theme: string, whole: boolean, readme: boolean },
  });
  const sizes = values.size === undefined ? SIZES : [sizeOf(values.size)];
  const themes = values.theme === undefined ? THEMES : [themeOf(values.theme)];
  return {
    looks: themes.flatMap((theme) => sizes.map((size) => ({ theme, size }))),
    only: values.only?.split(',') ?? [],
    whole: values.whole,
    readme: values.readme,
  };
}

function sizeOf(text: string): Size {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  if (width === undefined) throw new Error(`--size expects WIDTHxHEIGHT, 1280x800 for example, got ${text}`);
  return { width: Number(width), height: Number(height) };
}

function themeOf(text: string): Theme {
  const theme = THEMES.find((name) => name === text);
  if (!theme) throw new Error(`--theme expects ${THEMES.join(' or ')}, got ${text}`);
  return theme;
}
