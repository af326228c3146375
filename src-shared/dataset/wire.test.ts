import { describe, expect, it } from 'vitest';
import { seed } from '../tensor/random';
import type { EmbeddedName } from './dataset';
import { openEmbedded } from './embedded/embedded';
import { EMBEDDED_NAMES } from './reference-schema';
import { decodeSamples, describeSplits, encodeSamples, remoteSplits, type SourceName, sourceNamed, splitsDescriptionSchema } from './wire';

describe.each(EMBEDDED_NAMES.filter((name) => name !== 'digits'))('%s across a boundary', (name: EmbeddedName) => {
  it('reads the same samples and tests as on the side that owns them', async () => {
    const own = openEmbedded({ kind: 'embedded', name, seed: seed(1), trainCount: 20, validationCount: 5 });
    const description = splitsDescriptionSchema.parse(JSON.parse(JSON.stringify(describeSplits(own))));
    const remote = remoteSplits(description, async (source, indices) => encodeSamples(await sourceNamed(own, source).read(indices)));
    const sources: SourceName[] = own.verification ? ['train', 'validation', 'verification', 'identification'] : ['train', 'validation'];
    for (const source of sources) {
      const [there, here] = [sourceNamed(remote, source), sourceNamed(own, source)];
      expect({ ...there, read: null }).toEqual({ ...here, read: null });
      expect(await there.read([3, 1])).toEqual(await here.read([3, 1]));
    }
    expect(remote.verification?.pairs).toEqual(own.verification?.pairs);
    expect(remote.identification?.probes).toEqual(own.identification?.probes);
  });
});

it('bytes that end within a sample are refused', async () => {
  const { train } = openEmbedded({ kind: 'embedded', name: 'shapes', seed: seed(1) });
  const bytes = encodeSamples(await train.read([0, 1]));
  expect(() => decodeSamples(bytes.subarray(0, bytes.length - 1))).toThrow(/sample 1 ends at byte/);
});
