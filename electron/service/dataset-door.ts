// Data sets in folders for the engine of a window, which cannot read files: POST /dataset with a question.
// Invariant: only data sets that a training of this service uses are read; a page cannot name a folder itself.
import { z } from 'zod';
import type { DatasetReference, DatasetSplits } from '@shared/dataset/dataset';
import { datasetReferenceText } from '@shared/dataset/reference';
import { answerDatasetQuestion } from '@shared/dataset/remote';
import { UserError } from '@shared/user-error';
import { plain } from './bulk';
import { openDataset } from './datasets/open-dataset';
import { securityHeaders } from './headers';

const question = z.object({
  reference: z.object({ kind: z.literal('folder'), path: z.string(), layout: z.string().optional() }),
  samples: z
    .object({
      source: z.enum(['train', 'validation', 'verification', 'identification']),
      indices: z.array(z.number()).max(65_536),
    })
    .optional(),
});

export class DatasetDoor {
  private readonly admitted = new Map<string, Promise<DatasetSplits> | null>();

  /** From now on this data set may be asked for. */
  admit(reference: DatasetReference): void {
    const name = datasetReferenceText(reference);
    if (!this.admitted.has(name)) this.admitted.set(name, null);
  }

  /** Answers a question; what is wrong with the data or the question comes as a sentence with status 400. */
  async respond(request: Request): Promise<Response> {
    if (request.method !== 'POST') return plain(405, 'data sets are asked for with POST');
    const asked = question.safeParse(await request.json().catch(() => null));
    if (!asked.success) return plain(400, 'expected a question about a data set');
    try {
      const answer = await answerDatasetQuestion(await this.open(asked.data.reference), asked.data);
      return new Response(Buffer.from(answer), {
        headers: { ...securityHeaders('application/octet-stream'), 'Cache-Control': 'no-store' },
      });
    } catch (error) {
      if (error instanceof UserError || error instanceof RangeError) return plain(400, error.message);
      throw error;
    }
  }

  private open(reference: DatasetReference): Promise<DatasetSplits> {
    const name = datasetReferenceText(reference);
    const open = this.admitted.get(name);
    if (open === undefined) throw new UserError(`${name} is not used by a training of this studio`);
    if (open !== null) return open;
    const opening = openDataset(reference);
    this.admitted.set(name, opening);
    // What failed may be put right: the next question tries again.
    opening.catch(() => this.admitted.set(name, null));
    return opening;
  }
}
