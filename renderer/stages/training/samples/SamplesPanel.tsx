// What the network is fed and what it answers: the batch after augmentation and normalisation, and
// predictions on validation samples: class with probability, scene with overlay, face pair with score.
import { fixed } from '@shared/base/number-text';
import { useStore } from 'zustand';
import type { Predictions } from '@shared/link/studio';
import { attempt } from '../../../studio/notices';
import { countOf, predictFrom, samples, SAMPLES_SHOWN, showBatch, type ShownBatch, type ShownPredictions } from './predictions';
import { connection } from '../../../studio/studio';
import { weights } from '../../../studio/network/weights';
import { measured, percent } from '../../../ui/format';
import { Pixels } from '../../../ui/Pixels';
import { Panel } from '../../../studio/Stage';
import { classColour } from '../../dataset';
import { fedPicture, overlay, pictureAt } from './sample-pictures';

export function BatchPanel() {
  const { batch, busy } = useStore(samples);
  const connected = useStore(connection, (state) => state.client !== null);
  const says = batch
    ? `${batch.subject}, epoch ${batch.epoch}, step ${batch.step}: ${batch.fed.shape[0]} pictures after augmentation and mixing`
    : 'after augmentation, mixing and normalisation';
  const tools = (
    <button type="button" className="button" disabled={busy || !connected} data-testid="show-batch" onClick={() => void attempt(showBatch)}>
      Show the next batch
    </button>
  );
  return (
    <Panel title="Batch as the network sees it" says={says} tools={tools} testId="batch">
      {batch && <BatchPictures batch={batch} />}
    </Panel>
  );
}

function BatchPictures({ batch }: { readonly batch: ShownBatch }) {
  const { shape, labels, mean, deviation } = batch.fed;
  const size = { height: shape[2], width: shape[3] };
  const shown = Math.min(shape[0], 2 * SAMPLES_SHOWN);
  const [low, high] = batch.images.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  const list = (values: readonly number[]) => values.map((value) => fixed(value, 3)).join(', ');
  return (
    <div className="stack">
      <ul className="samples">
        {Array.from({ length: shown }, (_, n) => (
          <li key={n}>
            <Pixels rgba={fedPicture(batch, n)} size={size} />
            <span>{labels[n]}</span>
          </li>
        ))}
      </ul>
      <p className="faint">
        {`${shown} of ${shape[0]} shown. Values reach from ${measured(low)} to ${measured(high)}; for the eye the normalisation (mean ${list(mean)}, deviation ${list(deviation)}) is undone.`}
      </p>
    </div>
  );
}

export function PredictionsPanel() {
  const { predictions, subject, first, busy } = useStore(samples);
  const connected = useStore(connection, (state) => state.client !== null);
  const inFocus = useStore(weights, (state) => state.inFocus);
  const ask = (from: number) => void attempt(() => predictFrom(from));
  const next = predictions ? first + countOf(predictions.said) : 0;
  const total = predictions?.said.total ?? 0;
  const tools = (
    <>
      <button type="button" className="button" disabled={busy || !connected || !inFocus} data-testid="predict" onClick={() => ask(0)}>
        Predict
      </button>
      <button
        type="button"
        className="button"
        disabled={busy || !inFocus || next >= total}
        data-testid="predict-next"
        onClick={() => ask(next)}
      >
        Next
      </button>
    </>
  );
  const shown = predictions
    ? `${subject}, ${first + 1} to ${next} of ${total}`
    : 'the weights of the current network, on validation samples';
  const says = busy ? 'waiting for the answer' : shown;
  return (
    <Panel title="Predictions" says={says} tools={tools} testId="predictions">
      {predictions && <Answers key={`${subject} ${first}`} shown={predictions} />}
    </Panel>
  );
}

function Answers({ shown }: { readonly shown: ShownPredictions }) {
  const { said } = shown;
  if (said.kind === 'classes') return <ClassAnswers said={said} shown={shown} />;
  return said.kind === 'scenes' ? <SceneAnswers said={said} shown={shown} /> : <PairAnswers said={said} shown={shown} />;
}

interface AnswersProps<Kind extends Predictions['kind']> {
  readonly said: Extract<Predictions, { kind: Kind }>;
  readonly shown: ShownPredictions;
}

function ClassAnswers({ said, shown }: AnswersProps<'classes'>) {
  return (
    <ul className="samples wide-samples">
      {said.samples.map(({ label, predicted, probability, right }, n) => (
        <li key={n} data-testid="prediction">
          <Pixels rgba={pictureAt(shown.pixels, said.pictures, n)} size={said.pictures} />
          <strong className={right ? 'is-right' : 'is-wrong'}>{`${predicted}, ${percent(probability)}`}</strong>
          <span>{right ? 'correct' : `is ${label}`}</span>
        </li>
      ))}
    </ul>
  );
}

/** Wider scenes stand one below the other. */
const LARGE = 128;

function SceneAnswers({ said, shown: { pixels, truth, predicted } }: AnswersProps<'scenes'>) {
  if (!truth || !predicted) return null;
  return (
    <div className="stack">
      <ul className={said.pictures.width > LARGE ? 'samples scenes large' : 'samples scenes'}>
        {said.right.map((right, n) => (
          <li key={n} data-testid="prediction">
            <span className="sample-pictures">
              <Pixels rgba={pictureAt(pixels, said.pictures, n)} size={said.pictures} />
              <Pixels rgba={overlay(pixels, said.pictures, truth, n)} size={said.pictures} />
              <Pixels rgba={overlay(pixels, said.pictures, predicted, n)} size={said.pictures} />
            </span>
            <span>{`scene, labels, prediction: ${percent(right)} of the pixels right`}</span>
          </li>
        ))}
      </ul>
      <p className="faint">{`Seen by the network: ${said.seen}. The pictures here have ${said.pictures.width}x${said.pictures.height} pixels.`}</p>
      <div className="row">
        {said.classes.map((name, index) => (
          <span key={name} className="row">
            <span className="run-colour" style={{ background: classColour(index) }} />
            {name}
          </span>
        ))}
      </div>
    </div>
  );
}

function PairAnswers({ said, shown }: AnswersProps<'pairs'>) {
  return (
    <div className="stack">
      <ul className="samples pairs">
        {said.pairs.map(({ same, similarity }, n) => (
          <li key={n} data-testid="prediction">
            <span className="sample-pictures">
              <Pixels rgba={pictureAt(shown.pixels, said.pictures, 2 * n)} size={said.pictures} />
              <Pixels rgba={pictureAt(shown.pixels, said.pictures, 2 * n + 1)} size={said.pictures} />
            </span>
            <strong>{`score ${fixed(similarity, 3)}`}</strong>
            <span>{same ? 'same person' : 'different people'}</span>
          </li>
        ))}
      </ul>
      <p className="faint">
        The score is the cosine between the embeddings, from -1 to 1; pairs of one person and of two are shown in turn.
      </p>
    </div>
  );
}
