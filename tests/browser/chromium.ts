// Finds a Chromium and starts it without a window, WebGL2 on its software renderer. Looked for in this
// order: what REPMLP_CHROMIUM says (a program, or `bundled`), an installed Chrome, Chromium or Edge, the one
// inside the npm package @sparticuz/chromium; the last needs nothing from the machine but glibc.
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { bundledChromium } from './bundled-chromium';
import { installedChromium } from './installed-chromium.mjs';

/** A browser to start: its program, and what must be added to its environment. */
export interface ChromiumInstallation {
  readonly executable: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Which browser to start: the one npm brought along, or a program of this machine. */
export type ChromiumChoice = 'bundled' | { readonly program: string };

const flags = ['--enable-unsafe-swiftshader', '--no-sandbox', '--disable-dev-shm-usage', '--force-color-profile=srgb'];

/** WebGPU on the software renderer, which Chromium gives when it is asked to. */
export const SOFTWARE_WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** Starts the browser found; `extraFlags` are added to the command line. */
export async function launchChromium(extraFlags: readonly string[] = []): Promise<Browser> {
  const { executable, environment } = await findChromium();
  const env = { ...(process.env as Record<string, string>), ...environment };
  return chromium.launch({ executablePath: executable, args: [...flags, ...extraFlags], env });
}

/** The first Chromium of the order above. Throws, saying what to do, if there is none. */
export async function findChromium(): Promise<ChromiumInstallation> {
  const choice = chooseChromium(process.env.REPMLP_CHROMIUM, installedChromium());
  return choice === 'bundled' ? bundledChromium() : { executable: choice.program, environment: {} };
}

/** The order above; `named` is what REPMLP_CHROMIUM holds. Throws if it names a program that is not there. */
export function chooseChromium(named: string | undefined, installed: string | undefined): ChromiumChoice {
  if (named === 'bundled') return 'bundled';
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return { program: named };
    throw new Error(`REPMLP_CHROMIUM names ${named}, which does not exist; expected the path of a browser's program, or bundled`);
  }
  return installed === undefined ? 'bundled' : { program: installed };
}
