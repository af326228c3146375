// Cityscapes: `leftImg8bit/SPLIT/CITY/*_leftImg8bit.png` with `gtFine/SPLIT/CITY/*_gtFine_labelIds.png`.
// The 34 label ids become the 19 classes of the benchmark; all others are ignored (255).
import { join } from 'node:path';
import type { DatasetSplits, Sample, SampleSource } from '@shared/dataset/dataset';
import { UserError } from '@shared/base/user-error';
import { readLabelMap, readPicture } from '../picture';
import { IMAGENET_STATISTICS, isFolder, picturesIn, sampleSource, sizeOf, subfolders } from '../sources';

/** [label id, name] of the classes that count, in the benchmark's order. */
const CLASSES: readonly (readonly [number, string])[] = [
  [7, 'road'],
  [8, 'sidewalk'],
  [11, 'building'],
  [12, 'wall'],
  [13, 'fence'],
  [17, 'pole'],
  [19, 'traffic light'],
  [20, 'traffic sign'],
  [21, 'vegetation'],
  [22, 'terrain'],
  [23, 'sky'],
  [24, 'person'],
  [25, 'rider'],
  [26, 'car'],
  [27, 'truck'],
  [28, 'bus'],
  [31, 'train'],
  [32, 'motorcycle'],
  [33, 'bicycle'],
];

const IGNORED = 255;
const LAST_ID = 33;
/** Label id -> class, 255 where it does not count. */
const CLASS_OF_ID = new Uint8Array(256).fill(IGNORED);
CLASSES.forEach(([id], index) => (CLASS_OF_ID[id] = index));

const IMAGE_END = '_leftImg8bit.png';

/** A picture and its label map. */
interface Scene {
  readonly image: string;
  readonly labels: string;
}

/** Opens the train and val splits. Rejects with UserError naming a picture without its label map. */
export async function openCityscapes(folder: string): Promise<DatasetSplits> {
  return { train: await openSplit(folder, 'train'), validation: await openSplit(folder, 'val') };
}

async function openSplit(folder: string, split: string): Promise<SampleSource> {
  const root = join(folder, 'leftImg8bit', split);
  if (!(await isFolder(root))) throw new UserError(`${root}: is missing; Cityscapes has it in leftImg8bit_trainvaltest.zip`);
  const cities = await subfolders(root);
  const scenes = (await Promise.all(cities.map((city) => scenesOf(folder, split, city)))).flat();
  if (scenes.length === 0) throw new UserError(`${root}: holds no *${IMAGE_END} in its city folders`);
  const { height, width } = await readPicture(scenes[0].image);
  const about = {
    name: `Cityscapes ${split}`,
    task: 'segmentation',
    count: scenes.length,
    classes: CLASSES.map(([, name]) => name),
    image: { channels: 3, height, width },
    ...IMAGENET_STATISTICS,
  } as const;
  return sampleSource(about, (index) => readScene(scenes[index]));
}

async function scenesOf(folder: string, split: string, city: string): Promise<Scene[]> {
  const images = (await picturesIn(join(folder, 'leftImg8bit', split, city))).filter((file) => file.endsWith(IMAGE_END));
  return Promise.all(images.map((image) => withLabels(image, join(folder, 'gtFine', split, city))));
}

async function withLabels(image: string, labelFolder: string): Promise<Scene> {
  const name = image.slice(Math.max(image.lastIndexOf('/'), image.lastIndexOf('\\')) + 1);
  const labels = join(labelFolder, name.replace(IMAGE_END, '_gtFine_labelIds.png'));
  if ((await sizeOf(labels)) === null) throw new UserError(`${labels}: is missing; it holds the labels of ${image}`);
  return { image, labels };
}

async function readScene({ image, labels }: Scene): Promise<Sample> {
  const [picture, map] = await Promise.all([readPicture(image), readLabelMap(labels)]);
  if (picture.height !== map.height || picture.width !== map.width)
    throw new UserError(`${labels}: is ${map.width}x${map.height}, its picture ${picture.width}x${picture.height}`);
  const strange = map.pixels.find((id) => id > LAST_ID && id !== IGNORED);
  if (strange !== undefined) throw new UserError(`${labels}: holds label id ${strange}, expected 0 to ${LAST_ID} (is it a labelIds file?)`);
  return { ...picture, label: map.pixels.map((id) => CLASS_OF_ID[id]) };
}
