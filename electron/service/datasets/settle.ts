// What a data set is read as, decided before it is used and written into the run: a folder's layout is the
// one that was named, or the one its files show. Folders of people and folders of classes look the same:
// there the network's task decides, and that is said, never done silently.
import type { DatasetReference, SettledDataset } from '@shared/dataset/dataset';
import type { Task } from '@shared/model/spec';
import { layoutOf, recogniseLayout } from './open-dataset';

/** Settles a data set for a network of `task`. Rejects with UserError where the folder has no known layout. */
export async function settleDataset(reference: DatasetReference, task: Task | null): Promise<SettledDataset> {
  if (reference.kind === 'embedded') return { reference, note: null };
  if (reference.layout !== undefined) return { reference: { ...reference, layout: layoutOf(reference.layout) }, note: null };
  const { path } = reference;
  const layout = await recogniseLayout(path);
  if (layout !== 'folders') return { reference: { ...reference, layout }, note: null };
  if (task === 'face')
    return {
      reference: { ...reference, layout: 'identities' },
      note: `${path} is read as identities, a folder for each person, since the network recognises faces; say folders:${path} if they are classes`,
    };
  return {
    reference: { ...reference, layout },
    note: `${path} is read as classes, a folder for each; say identities:${path} if the folders are people`,
  };
}
