// A low-rank adapter in a file of its own, read beside the tensors of an opened network's file, with the configuration that holds
// the numbers its weights do not.
import { resolve } from 'node:path';
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { joinedFile } from '@shared/checkpoint/joined-file';
import type { NamedText } from '@shared/link/studio';
import { readText } from '../../files/regular-file';
import { configBeside } from '../merge/recipe-groups';
import { openNamedWeights } from './weights-file';

/** An adapter joined to a network's file. */
export interface Joined {
  /** Both files as one. */
  readonly file: CheckpointFile;
  /** The network's file by itself. */
  readonly network: CheckpointFile;
  readonly path: string;
  readonly config: NamedText | undefined;
  /** The configuration that was given by hand; null where that beside the adapter is read. */
  readonly given: NamedText | null;
}

/** Joins the adapter at a path; without a configuration the one beside it is read. Rejects with UserError where both files hold a name. */
export async function joinAdapter(network: CheckpointFile, text: string, given: NamedText | null): Promise<Joined> {
  const path = resolve(text);
  const adapter = await openNamedWeights(path);
  try {
    return { file: joinedFile(network, adapter), network, path, config: given ?? (await textBeside(path)), given };
  } catch (error) {
    await adapter.close();
    throw error;
  }
}

async function textBeside(path: string): Promise<NamedText | undefined> {
  const beside = await configBeside(path);
  return beside === undefined ? undefined : { fileName: beside, text: await readText(beside) };
}
