// A tile of a matrix as the GPU reads it.
import { DataTexture, FloatType, NearestFilter, RedFormat } from 'three';
import type { Tile } from '@shared/matrix/pyramid';

/** A tile as a float texture, unfiltered. */
export function textureOf({ cells, rows, columns }: Tile): DataTexture {
  const texture = new DataTexture(cells, columns, rows, RedFormat, FloatType);
  texture.internalFormat = 'R32F';
  texture.minFilter = NearestFilter;
  texture.magFilter = NearestFilter;
  texture.needsUpdate = true;
  return texture;
}
