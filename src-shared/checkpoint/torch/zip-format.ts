// PyTorch's zip format (1.6 and later): ROOT/data.pkl, ROOT/data/KEY for each storage, ROOT/version,
// and in newer files ROOT/byteorder.
import type { FoundDirectory } from '../checkpoint-file';
import { Truncated } from '../pickle/cursor';
import { malformed } from '../pickle/machine';
import { unpickle } from '../pickle/unpickler';
import { quoted, refuse } from '../refuse';
import { latin1Text } from '../tensor-bytes';
import type { ZipArchive } from '../zip/archive';
import type { ZipMember } from '../zip/directory';
import { torchDirectory } from './directory';
import type { LocateStorage } from './window';
import { resolvePersistent } from './storage-id';

/** Longest pickle read: the real ones take some hundred bytes a tensor. */
export const LONGEST_PICKLE = 64 * 2 ** 20;

/** The `data.pkl` of a PyTorch archive, or undefined if this is another kind of zip. */
export function findTorchPickle(archive: ZipArchive): ZipMember | undefined {
  for (const member of archive.members.values()) if (/^[^/]*\/data\.pkl$/.test(member.name)) return member;
  return archive.members.get('data.pkl');
}

/** Reads the directory of a PyTorch archive. Throws UserError for what it cannot or must not read. */
export async function readTorchZip(archive: ZipArchive, pickle: ZipMember): Promise<FoundDirectory> {
  const root = pickle.name.slice(0, -'data.pkl'.length);
  await checkByteOrder(archive, root);
  if (archive.members.has(`${root}constants.pkl`))
    refuse('is a TorchScript program (torch.jit.save), not a checkpoint; in PyTorch save its state_dict() instead');
  if (pickle.size > LONGEST_PICKLE) refuse(`describes its tensors in ${pickle.size} bytes; at most ${LONGEST_PICKLE} are read`);
  const value = readPickle(await archive.readWhole(pickle));
  return torchDirectory(value, locateIn(archive, root), archive.contentBytes);
}

async function checkByteOrder(archive: ZipArchive, root: string): Promise<void> {
  const member = archive.members.get(`${root}byteorder`);
  if (!member) return;
  const order = latin1Text(await archive.readRange(member, 0, Math.min(member.size, 16)));
  if (order !== 'little')
    refuse(`says its byte order is ${quoted(order)}; only little-endian files are read: save it again on a little-endian machine`);
}

function readPickle(bytes: Uint8Array) {
  try {
    return unpickle(bytes, { persistent: resolvePersistent }).value;
  } catch (error) {
    if (error instanceof Truncated) malformed('ends in the middle');
    throw error;
  }
}

function locateIn(archive: ZipArchive, root: string): LocateStorage {
  return (storage, tensorName) => {
    const member = archive.members.get(`${root}data/${storage.key}`);
    if (!member) refuse(`is damaged: the storage ${quoted(storage.key)} of tensor ${tensorName} is missing`);
    if (member.size !== storage.byteLength)
      refuse(
        `is damaged: its storage has ${member.size} bytes instead of ${storage.byteLength}, so that tensor ${tensorName} reaches past its end`,
      );
    return { read: (start, length) => archive.readRange(member, start, length), wholeOnly: member.method !== 0 };
  };
}
