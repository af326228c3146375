// Files into the service: by its open dialog on the desktop, by upload from a browser.
import { showOpenedFigure } from './asked-figure';
import { RECIPE_FORMAT } from '@shared/figure/recipe';
import { goTo, navigation } from './navigation';
import { connection, studio } from './studio';
import { openPath, refreshRecent } from './network/weights';

const WEIGHT_ENDINGS = '.pth,.pt,.tar,.ckpt,.bin,.safetensors,.npz,.npy';

/** Asks for a weights file and opens it; nothing happens if the user cancels. */
export async function openWithDialog(): Promise<void> {
  if (connection.getState().info?.host === 'browser') {
    const file = await pickFile(WEIGHT_ENDINGS);
    if (file) await openDropped(file);
    return;
  }
  const path = await studio().app.chooseFile({ folder: false });
  if (path) await showFile(path);
}

/** Opens a file that lies on the service's machine and shows what it holds, unless the user went elsewhere meanwhile. */
export async function showFile(path: string): Promise<void> {
  const { stage } = navigation.getState();
  await openPath(path);
  if (navigation.getState().stage === stage) goTo('checkpoint');
  await refreshRecent();
}

/** Files that carry a figure, and recipes. */
const FIGURE_ENDINGS = '.svg,.pdf,.png,.json';

/** Asks for a figure that carries its recipe, or a recipe, and shows it in the export stage. */
export async function openFigureWithDialog(): Promise<void> {
  if (connection.getState().info?.host === 'browser') {
    const file = await pickFile(FIGURE_ENDINGS);
    if (file) await openDropped(file);
    return;
  }
  const path = await studio().app.chooseFile({ folder: false });
  if (path) showOpenedFigure(await studio().figure.open({ path }));
}

/** Uploads a file from the browser and opens it: a figure in the export stage, other JSON for the weights that are shown, all else as weights. */
export async function openDropped(file: File): Promise<void> {
  const isJson = /\.json$/i.test(file.name);
  if (isJson && !(await isFigureRecipe(file))) return (await import('./families/own')).takeJson(file);
  const id = crypto.randomUUID();
  const response = await fetch(`/bulk/${id}?name=${encodeURIComponent(file.name)}`, { method: 'PUT', body: file });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${file.name} could not be handed to the service: ${answer}`);
  if (isJson || /\.(svg|pdf|png)$/i.test(file.name)) showOpenedFigure(await studio().figure.open({ path: answer }));
  else await showFile(answer);
}

/** A figure's recipe says so; merge recipes and adapters' configurations are JSON too. */
async function isFigureRecipe(file: File): Promise<boolean> {
  return file.text().then(
    (text) => (JSON.parse(text) as { format?: unknown } | null)?.format === RECIPE_FORMAT.format,
    () => false,
  );
}

/** Asks the browser for a file with one of these endings; null if the user cancels. */
export function pickFile(endings: string): Promise<File | null> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = endings;
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}
