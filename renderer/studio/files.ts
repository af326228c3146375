// Files into the service: by its open dialog on the desktop, by upload from a browser.
import { goTo, navigation } from './navigation';
import { connection, studio } from './studio';
import { takeJson } from './families/own';
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

/** Uploads a file from the browser and opens it; a JSON file is taken for the weights that are shown. */
export async function openDropped(file: File): Promise<void> {
  if (file.name.endsWith('.json')) return takeJson(file);
  const id = crypto.randomUUID();
  const response = await fetch(`/bulk/${id}?name=${encodeURIComponent(file.name)}`, { method: 'PUT', body: file });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${file.name} could not be handed to the service: ${answer}`);
  await showFile(answer);
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
