// The double-precision forward pass in the shape that a proof takes, for tests: an oracle that shares no code with the backends.
import type { ForwardPass } from '@shared/proof/verify';
import { referenceForward } from './forward';

/** The double-precision forward pass as a `ForwardPass`; its backend name is `reference`. */
export const referencePass: ForwardPass = ({ spec, weights }, input) => {
  const { output, shape, layers } = referenceForward(spec, weights, input, { layers: true });
  return { output: { shape, data: output }, layers };
};
