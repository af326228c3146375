// How good the weights in focus are on the chosen data set: in the form they have, or in both forms, which the
// engine compares sample by sample.
import { createStore } from '../../../studio/state';
import { assertNever } from '@shared/base/assert-never';
import type { EvaluationStep, ListedRun, OpenedCheckpoint, WeightsReference } from '@shared/link/studio';
import type { Evaluation } from '@shared/training/evaluation/evaluated';
import type { DatasetReference } from '@shared/dataset/dataset';
import { datasetReferenceText } from '@shared/dataset/reference';
import type { Form } from '@shared/model/spec';
import type { SceneView } from '@shared/training/evaluation/answers';
import { dataset, EMBEDDED } from '../../dataset';
import { runs } from '../../../studio/runs/runs';
import { studio } from '../../../studio/studio';
import { weights } from '../../../studio/network/weights';

/** What an evaluation found. */
export type EvaluationResult = Extract<EvaluationStep, { type: 'done' }>;

/** Reports by form; the first is that of the weights as they are stored. */
export type ReportsByForm = readonly (readonly [form: string, report: Evaluation])[];

export interface EvaluationState {
  readonly busy: boolean;
  /** Pictures that went through the network. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** What was evaluated, in words. */
  readonly subject: string;
  readonly result: EvaluationResult | null;
  /** Whether to merge the weights too and compare both forms. */
  readonly both: boolean;
  /** How scenes are given to the network. */
  readonly view: SceneView;
}

export const evaluation = createStore<EvaluationState>(() => ({
  busy: false,
  progress: null,
  subject: '',
  result: null,
  both: true,
  view: 'whole',
}));

/** Whether a data set may hold scenes; of a folder it is not known before it is opened. */
export function mayHoldScenes(reference: DatasetReference): boolean {
  return reference.kind === 'folder' || EMBEDDED[reference.name].task === 'segmentation';
}

/** How scenes of the chosen data set are given to the network. */
export function chosenView(): SceneView {
  return mayHoldScenes(dataset.getState().reference) ? evaluation.getState().view : 'whole';
}

type OpenedForm = Pick<OpenedCheckpoint, 'id'> & { readonly recognised: { readonly form: Form } | null };
type RunForms = Pick<ListedRun, 'name'> & { readonly checkpoints: readonly Pick<ListedRun['checkpoints'][number], 'file' | 'form'>[] };
type RunData = Pick<ListedRun, 'name'> & { readonly config: Pick<ListedRun['config'], 'dataset'> };

/** The form of weights where the window knows it. */
export function formOf(reference: WeightsReference, opened: readonly OpenedForm[], list: readonly RunForms[]): Form | null {
  switch (reference.kind) {
    case 'bundled':
      return 'train';
    case 'file':
      return opened.find(({ id }) => id === reference.id)?.recognised?.form ?? null;
    case 'run': {
      const checkpoints = list.find(({ name }) => name === reference.run)?.checkpoints;
      return checkpoints?.find(({ file }) => file === reference.checkpoint)?.form ?? null;
    }
    default:
      return assertNever(reference);
  }
}

/** What a run's weights were trained on, in words, where that is other data than the chosen: other samples, folders or, of faces, people. */
export function trainedOnOther(reference: WeightsReference, chosen: DatasetReference, list: readonly RunData[]): string | null {
  const trained = reference.kind === 'run' ? list.find(({ name }) => name === reference.run)?.config.dataset : undefined;
  return trained === undefined || sourceText(trained) === sourceText(chosen) ? null : datasetReferenceText(trained);
}

/** However many samples are taken of it, and whatever a folder is read as. */
function sourceText(reference: DatasetReference): string {
  return reference.kind === 'folder' ? reference.path : `${reference.name}, ${reference.seed}`;
}

let running: AbortController | null = null;

/** Evaluates the weights in focus on the chosen data set. */
export async function evaluateWeights(): Promise<void> {
  stopEvaluation();
  const own = (running = new AbortController());
  const { reference, label, opened } = weights.getState();
  const { reference: data } = dataset.getState();
  const { both: wanted } = evaluation.getState();
  const both = wanted && formOf(reference, opened, runs.getState().list) !== 'merged';
  const subject = `${label} on ${datasetReferenceText(data)}`;
  evaluation.setState({ busy: true, progress: null, result: null, subject });
  try {
    const asked = { weights: reference, dataset: data, both, view: chosenView() };
    const steps = await studio().training.evaluate(asked, { signal: own.signal });
    for await (const step of steps) {
      if (own.signal.aborted) return;
      if (step.type === 'done') evaluation.setState({ result: step });
      else evaluation.setState({ progress: step });
    }
  } catch (error) {
    if (!own.signal.aborted) throw error;
  } finally {
    if (running === own) evaluation.setState({ busy: false, progress: null });
  }
}

/** Ends the evaluation under way; what it had found is lost. */
export function stopEvaluation(): void {
  running?.abort();
  running = null;
  evaluation.setState({ busy: false, progress: null });
}
