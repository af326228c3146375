// Data sets that are kept open between questions, a few at a time. Invariant: one is closed only when
// nobody reads it any more. Asking what a data set is reads the folder anew, for its files may have been put right.
import { LRUCache } from 'lru-cache';
import type { DatasetReference, DatasetSplits } from '@shared/dataset/dataset';
import { datasetReferenceText } from '@shared/dataset/reference';
import { answerDatasetQuestion, type DatasetQuestion } from '@shared/dataset/remote';
import { openDataset } from './open-dataset';

/** Data sets held open. */
const MOST_OPEN = 4;

interface Entry {
  readonly splits: Promise<DatasetSplits>;
  readers: number;
  /** To be closed by its last reader. */
  left: boolean;
  closing: Promise<void> | null;
}

export class OpenDatasets {
  private readonly entries = new LRUCache<string, Entry>({ max: MOST_OPEN, dispose: leave });

  constructor(private readonly open: (reference: DatasetReference) => Promise<DatasetSplits> = openDataset) {}

  /** Answers a question as `answerDatasetQuestion` does; rejects with UserError where the data cannot be opened or read. */
  answer(question: DatasetQuestion): Promise<Uint8Array> {
    if (question.samples === undefined) this.entries.delete(datasetReferenceText(question.reference));
    return this.use(question.reference, (splits) => answerDatasetQuestion(splits, question));
  }

  /** Works with an open data set; it stays open afterwards, while there is room. */
  async use<Result>(reference: DatasetReference, work: (splits: DatasetSplits) => Promise<Result>): Promise<Result> {
    const name = datasetReferenceText(reference);
    const entry = this.find(name, reference);
    entry.readers++;
    try {
      return await work(await entry.splits);
    } finally {
      entry.readers--;
      if (entry.left) await closeIdle(entry);
    }
  }

  /** Closes everything; what is still read is closed after its last reader. */
  async close(): Promise<void> {
    const open = [...this.entries.values()];
    this.entries.clear();
    await Promise.all(open.map(closeIdle));
  }

  private find(name: string, reference: DatasetReference): Entry {
    const known = this.entries.get(name);
    if (known) return known;
    const entry: Entry = { splits: this.open(reference), readers: 0, left: false, closing: null };
    this.entries.set(name, entry);
    // What failed may be put right: the next question tries again.
    entry.splits.catch(() => this.entries.peek(name) === entry && this.entries.delete(name));
    return entry;
  }
}

function leave(entry: Entry): void {
  entry.left = true;
  closeIdle(entry).catch(console.error);
}

/** Closes a data set once, unless somebody reads it. */
async function closeIdle(entry: Entry): Promise<void> {
  if (entry.readers > 0) return;
  entry.closing ??= entry.splits.then(
    (splits) => splits.close?.(),
    () => undefined,
  );
  await entry.closing;
}
