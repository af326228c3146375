// Data sets that are kept open between questions, a few at a time. Invariant: one is closed only when
// nobody reads it any more. Asking what a data set is reads the folder anew, for its files may have been put right.
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
}

export class OpenDatasets {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly open: (reference: DatasetReference) => Promise<DatasetSplits> = openDataset) {}

  /** Answers a question as `answerDatasetQuestion` does; rejects with UserError where the data cannot be opened or read. */
  answer(question: DatasetQuestion): Promise<Uint8Array> {
    if (question.samples === undefined) void this.leave(datasetReferenceText(question.reference));
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
    await Promise.all([...this.entries.keys()].map((name) => this.leave(name)));
  }

  private find(name: string, reference: DatasetReference): Entry {
    const known = this.entries.get(name);
    if (known) return known;
    const entry: Entry = { splits: this.open(reference), readers: 0, left: false };
    this.entries.set(name, entry);
    // What failed may be put right: the next question tries again.
    entry.splits.catch(() => this.entries.get(name) === entry && this.entries.delete(name));
    for (const other of [...this.entries.keys()].slice(0, -MOST_OPEN)) void this.leave(other);
    return entry;
  }

  private async leave(name: string): Promise<void> {
    const entry = this.entries.get(name);
    if (!entry) return;
    this.entries.delete(name);
    entry.left = true;
    await closeIdle(entry);
  }
}

async function closeIdle({ splits, readers }: Entry): Promise<void> {
  if (readers > 0) return;
  const open = await splits.catch(() => null);
  await open?.close?.();
}
