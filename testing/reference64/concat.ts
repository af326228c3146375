// Concatenation along the channels, as pyramid pooling needs it.
import { mapSize, zeros, type Array64 } from './array64';

/** Maps (N, C_i, H, W) side by side along the channels: (N, sum of C_i, H, W). */
export function concatChannels(maps: readonly Array64[]): Array64 {
  const { N, H, W } = mapSize(maps[0]);
  const C = maps.reduce((channels, map) => channels + map.shape[1], 0);
  const y = zeros([N, C, H, W]);
  for (let n = 0; n < N; n++) {
    let offset = n * C * H * W;
    for (const map of maps) {
      const values = map.shape[1] * H * W;
      y.data.set(map.data.subarray(n * values, (n + 1) * values), offset);
      offset += values;
    }
  }
  return y;
}
