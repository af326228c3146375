// What a data set is read as, decided before it is used and written into the run: a folder's layout is the
// one that was named, or the one its files show. Folders of people and folders of classes look the same:
// there the network's task decides, and that is said, never done silently.
import type { DatasetReference, SettledDataset } from '@shared/dataset/dataset';
import type { Task } from '@shared/model/spec';
import { expectFolder, layoutOf, recogniseLayout } from './open-dataset';

/** Settles a data set for a network of `task`. Rejects with UserError where the folder has no known layout. */
export async function settleDataset(asked: DatasetReference, task: Task | null): Promise<SettledDataset> {
  const certain = { note: null, otherwise: null };
  if (asked.kind === 'embedded') return { reference: asked, ...certain };
  const path = await expectFolder(asked.path);
  if (asked.layout !== undefined) return { reference: { ...asked, path, layout: layoutOf(asked.layout) }, ...certain };
  const layout = await recogniseLayout(path);
  if (layout !== 'folders') return { reference: { ...asked, path, layout }, ...certain };
  return { reference: { ...asked, path, layout: task === 'face' ? 'identities' : 'folders' }, ...folderChoice(path, task) };
}

function folderChoice(path: string, task: Task | null): Omit<SettledDataset, 'reference'> {
  if (task === 'face')
    return { note: `${path} is read as people, a folder for each, since the network recognises faces`, otherwise: 'folders' };
  return { note: `${path} is read as classes, a folder for each`, otherwise: 'identities' };
}
