// remarks.json of a run folder: read where it is, written whole.
import { join } from 'node:path';
import { NO_REMARKS, parseRemarks, type Remarks } from '@shared/run/remarks';
import { parsedJson } from '@shared/base/stored-version';
import { writeFileAtomically } from '../files/atomic-write';
import { pathInside } from '../files/inside';
import { textIn } from './read';

export const REMARKS_FILE = 'remarks.json';

/** What was said of a run; nothing where nothing was. Rejects with UserError where the file is damaged. */
export async function readRemarks(folder: string): Promise<Remarks> {
  const text = await textIn(folder, REMARKS_FILE);
  if (text === null) return NO_REMARKS;
  const path = join(folder, REMARKS_FILE);
  return parseRemarks(parsedJson(text, path), path);
}

/** Changes what is said of a run. Rejects with UserError where what was said cannot be read: it is not written over. */
export async function changeRemarks(folder: string, change: Partial<Pick<Remarks, 'tags' | 'note' | 'baseline'>>): Promise<void> {
  const path = await pathInside(folder, REMARKS_FILE);
  const remarks = parseRemarks({ ...(await readRemarks(folder)), ...change }, path);
  await writeFileAtomically(path, `${JSON.stringify(remarks, null, 2)}\n`, { force: true });
}
