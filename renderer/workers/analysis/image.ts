// A picture to lay a position map on, from the training split of an embedded data set.
import { openEmbedded } from '@shared/dataset/embedded/embedded';
import { pictureOf, type ShownPicture } from '@shared/dataset/shown-picture';
import { fetchDigits } from '../engine/digits';
import type { ImageRequest } from './protocol';

/** The picture asked for. Rejects with UserError where there is none. */
export function shownImage({ dataset, of }: ImageRequest): Promise<ShownPicture> {
  return pictureOf(openEmbedded(dataset, fetchDigits).train, of);
}
