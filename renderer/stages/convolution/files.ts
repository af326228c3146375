// Files of the stage: an own image as the picture, and the whole view as a JSON file that others open.
import { UserError } from '@shared/base/user-error';
import { convolutionSceneSchema } from '@shared/matrix/convolution-scene';
import { sceneProblem } from '@shared/merge/convolution/edit';
import { reducedText, shrunkPicture } from '@shared/merge/convolution/pictures';
import { pickFile } from '../../studio/files';
import { download } from '../../ui/download';
import { changeScene, showScene, shown } from './scene';

/** Asks for an image and takes it as the picture, cut square and scaled down. Throws UserError where it is none. */
export async function openPicture(): Promise<void> {
  const file = await pickFile('image/*');
  if (!file) return;
  const sample = await sampleOf(file);
  const { scene } = shown.getState();
  const values = Array.from(shrunkPicture(sample, scene));
  changeScene({ picture: { kind: 'values', values, from: `${file.name}, ${reducedText(scene)}`.slice(0, 200) } });
}

/** Largest side that an image is read with: far more than the stage shows. */
const LARGEST = 1024;

async function sampleOf(file: File): Promise<Parameters<typeof shrunkPicture>[0]> {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new UserError(`${file.name} is no image that this window can read: choose a PNG, JPEG, GIF or WebP file`);
  });
  const scale = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new UserError('this window has no canvas to read an image with');
  // What is transparent lies on white, as on paper.
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return { pixels: new Uint8Array(context.getImageData(0, 0, width, height).data.buffer), height, width, channels: 4, label: 0 };
}

/** Saves all that is shown as JSON. */
export function saveScene(): void {
  const { model, scene } = shown.getState();
  const text = `${JSON.stringify(model?.scene ?? scene, null, 2)}\n`;
  download(`convolution-${scene.chapter}.json`, new Blob([text], { type: 'application/json' }));
}

/** Asks for a saved view and shows it. Throws UserError where the file holds none. */
export async function openScene(): Promise<void> {
  const file = await pickFile('.json');
  if (!file) return;
  await showScene(sceneOfText(await file.text(), file.name));
}

/** A scene of a file's text. Throws UserError with the first thing that is wrong. */
export function sceneOfText(text: string, name: string): Parameters<typeof showScene>[0] {
  const { success, data, error } = convolutionSceneSchema.safeParse(jsonOf(text, name));
  if (!success) throw new UserError(`${name} holds no view of the convolution: ${sceneProblem(error)}`);
  return data;
}

function jsonOf(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`${name} is no JSON; a view of the convolution is saved as one`);
  }
}
