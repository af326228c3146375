import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledChromium, fontsFile } from './bundled-chromium';
import { chooseChromium, launchChromium } from './chromium';
import { installedChromium } from './installed-chromium.mjs';

/** npm's browser is a Linux x64 program. */
const npmsBrowserRuns = process.platform === 'linux' && process.arch === 'x64';

let folder: string;
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-chromium-'));
  program = join(folder, 'chromium');
  await writeFile(program, '');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('which Chromium is started', () => {
  it('is the one npm brought where REPMLP_CHROMIUM says bundled, though another is installed', () => {
    expect(chooseChromium('bundled', program)).toBe('bundled');
  });

  it('is the program that REPMLP_CHROMIUM names before an installed one', () => {
    expect(chooseChromium(program, '/usr/bin/chromium')).toEqual({ program });
  });

  it('is never another than the one named, if that is missing', () => {
    expect(() => chooseChromium(join(folder, 'none'), program)).toThrow(/REPMLP_CHROMIUM names .*none, which does not exist; expected/);
  });

  it('is an installed one where nothing is named, and the one npm brought where none is installed', () => {
    for (const unnamed of [undefined, '']) {
      expect(chooseChromium(unnamed, program)).toEqual({ program });
      expect(chooseChromium(unnamed, undefined)).toBe('bundled');
    }
  });

  it('is found on PATH by its name, Chrome before Chromium, whatever the order of the folders', () => {
    const there = [join('/a', 'chromium'), join('/b', 'google-chrome')];
    const exists = (file: string): boolean => there.includes(file);
    expect(installedChromium(['/a', '/b'].join(delimiter), exists)).toBe(there[1]);
    expect(installedChromium(['/a', '/c'].join(delimiter), exists)).toBe(there[0]);
    expect(installedChromium('/c', exists)).toBeUndefined();
    expect(installedChromium('', exists)).toBeUndefined();
    expect(installedChromium(undefined, () => false)).toBeUndefined();
  });
});

describe('the fonts of the Chromium that npm brought', () => {
  it('are listed by folder, whatever signs its name has', () => {
    expect(fontsFile('/a&b/<ttf>', '/cache')).toContain('<dir>/a&amp;b/&lt;ttf&gt;</dir>');
  });

  it.runIf(npmsBrowserRuns)('are those of npm in text and form controls, none of the machine', async () => {
    const { executable } = await bundledChromium();
    expect(executable).toContain(join('node_modules', '.cache'));
    const before = process.env.REPMLP_CHROMIUM;
    process.env.REPMLP_CHROMIUM = 'bundled';
    const browser = await launchChromium().finally(() => (process.env.REPMLP_CHROMIUM = before ?? ''));
    try {
      expect(await fontsSeen(browser)).toEqual({
        '#sans': ['DejaVu Sans'],
        '#serif': ['DejaVu Serif'],
        '#mono': ['DejaVu Sans Mono'],
        '#unknown': ['DejaVu Sans'],
        '#choice': ['DejaVu Sans'],
      });
    } finally {
      await browser.close();
    }
  });
});

/** The families that Chromium drew a page's elements with. */
async function fontsSeen(browser: Awaited<ReturnType<typeof launchChromium>>): Promise<Record<string, string[]>> {
  const page = await browser.newPage();
  await page.setContent(`<p id=sans style="font-family: sans-serif">Text</p><p id=serif style="font-family: serif">Text</p>
    <p id=mono style="font-family: monospace">Text</p><p id=unknown style="font-family: 'No Such Font', sans-serif">Text</p>
    <input value=Text><select id=choice><option>Text</option></select>`);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('DOM.enable');
  await devtools.send('CSS.enable');
  const { root } = await devtools.send('DOM.getDocument');
  const seen: Record<string, string[]> = {};
  for (const selector of ['#sans', '#serif', '#mono', '#unknown', '#choice']) {
    const { nodeId } = await devtools.send('DOM.querySelector', { nodeId: root.nodeId, selector });
    const { fonts } = await devtools.send('CSS.getPlatformFontsForNode', { nodeId });
    seen[selector] = fonts.map(({ familyName }) => familyName);
  }
  return seen;
}
