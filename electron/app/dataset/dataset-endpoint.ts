// Data sets in folders for the engine of a window, which cannot read files: POST /dataset with a question.
// Invariant: only data sets that were opened or trained on through this service are read.
import type { DatasetReference } from '@shared/dataset/dataset';
import { datasetReferenceText } from '@shared/dataset/reference';
import { datasetQuestionSchema, type AskDataset } from '@shared/dataset/remote';
import { UserError } from '@shared/base/user-error';
import { plain } from '../bulk';
import { securityHeaders } from '../headers';

export class DatasetEndpoint {
  private readonly admitted = new Set<string>();

  constructor(private readonly ask: AskDataset) {}

  /** From now on this data set may be asked for. */
  admit(reference: DatasetReference): void {
    this.admitted.add(datasetReferenceText(reference));
  }

  /** Answers a question; what is wrong with the data or the question comes as a sentence with status 400. */
  async respond(request: Request): Promise<Response> {
    if (request.method !== 'POST') return plain(405, 'data sets are asked for with POST');
    const asked = datasetQuestionSchema.safeParse(await request.json().catch(() => null));
    if (!asked.success) return plain(400, 'expected a question about a data set');
    const name = datasetReferenceText(asked.data.reference);
    if (!this.admitted.has(name)) return plain(400, `${name} was not opened in this studio`);
    try {
      return new Response(Buffer.from(await this.ask(asked.data)), {
        headers: { ...securityHeaders('application/octet-stream'), 'Cache-Control': 'no-store' },
      });
    } catch (error) {
      if (error instanceof UserError || error instanceof RangeError) return plain(400, error.message);
      throw error;
    }
  }
}
