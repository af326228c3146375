// Dialogs of the operating system.
import { dialog } from 'electron';

const filters = [
  { name: 'Weights', extensions: ['pth', 'pt', 'tar', 'ckpt', 'bin', 'safetensors', 'npz', 'npy'] },
  { name: 'All files', extensions: ['*'] },
];

/** Asks for a file or folder; null if the user gave up. */
export async function chooseFile(folder: boolean): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(
    folder ? { properties: ['openDirectory'] } : { properties: ['openFile'], filters },
  );
  return canceled ? null : filePaths[0];
}
