// What must hold for every input, good or bad: it is read or refused with a sentence, at a cost bounded
// by its size; what is read has the shape it says, and where the file has checksums, the right values.
import { elementCount, type NamedTensors, type Tensor } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { type ByteSource, memorySource } from '@shared/checkpoint/byte-source';
import { openCheckpoint } from '@shared/checkpoint/open-checkpoint';
import { bytesOfTensor } from '@shared/checkpoint/tensor-bytes';

/** How an input ended. */
export type Outcome = 'read' | 'refused';

/** Bytes that may be read from an input: each a few times over, and small files at their leisure. */
const READS_PER_BYTE = 24;
const READS_ALWAYS = 2 ** 21;

/** What is known of the values an input may hold. */
export interface Truth {
  /** Tensors of the undamaged file, where checksums protect them. */
  readonly original?: NamedTensors;
  /** The one byte that all storages are filled with. */
  readonly onlyByte?: number;
}

/** Opens and reads an input. Throws if any promise to the user is broken. */
export async function judge(input: Uint8Array, truth: Truth): Promise<Outcome> {
  const counted = countingSource(input);
  try {
    const file = await openCheckpoint(counted.source, 'input');
    const tensors = await file.readAll();
    for (const [name, tensor] of tensors) checkTensor(name, tensor, truth);
    return 'read';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (!/^input: \S.{10,}/.test(error.message)) throw new Error(`a refusal that says nothing: ${error.message}`);
    return 'refused';
  } finally {
    if (counted.bytes() > READS_PER_BYTE * input.length + READS_ALWAYS)
      throw new Error(`read ${counted.bytes()} bytes of an input of ${input.length}`);
  }
}

function countingSource(input: Uint8Array): { source: ByteSource; bytes: () => number } {
  const memory = memorySource(input);
  let bytes = 0;
  const read: ByteSource['read'] = (offset, length) => {
    bytes += length;
    return memory.read(offset, length);
  };
  return { source: { ...memory, read }, bytes: () => bytes };
}

function checkTensor(name: string, tensor: Tensor, { original, onlyByte }: Truth): void {
  if (tensor.data.length !== elementCount(tensor.shape)) throw new Error(`${name} has ${tensor.data.length} values for its shape`);
  if (onlyByte !== undefined && !bytesOfTensor(tensor).every((byte) => byte === onlyByte))
    throw new Error(`${name} holds bytes of no storage`);
  const right = original?.get(name);
  if (right && !sameValues(tensor, right)) throw new Error(`${name} was read with wrong values`);
}

function sameValues(a: Tensor, b: Tensor): boolean {
  const [x, y] = [bytesOfTensor(a), bytesOfTensor(b)];
  return a.dtype === b.dtype && a.shape.join() === b.shape.join() && x.length === y.length && x.every((byte, i) => byte === y[i]);
}
