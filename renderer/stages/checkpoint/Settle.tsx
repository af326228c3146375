// What the shapes of an opened file leave open, asked: the partition of its blocks and the eps of its batch norms.
// Until a partition that has to be said is said, nothing is computed with the file.
import { useState } from 'react';
import type { OpenedCheckpoint } from '@shared/link/studio';
import { attempt } from '../../studio/notices';
import { settleFile } from '../../studio/network/weights';

type Pair = readonly [number, number];

/** Questions about the partitions, and the eps that is computed with. */
export function Settle({ file }: { readonly file: OpenedCheckpoint }) {
  return (
    <>
      {file.questions.length > 0 && <Partitions file={file} />}
      {file.eps.length > 0 && <Eps file={file} />}
    </>
  );
}

function Partitions({ file: { id, questions } }: { readonly file: OpenedCheckpoint }) {
  const assumed = questions.every((question) => question.assumed !== null);
  const first = questions.flatMap(({ assumed: pair }): [string, Pair][] => (pair === null ? [] : [[String(pair[0] * pair[1]), pair]]));
  const [answers, setAnswers] = useState<ReadonlyMap<string, Pair>>(new Map(first));
  // Blocks of one area have one partition.
  const areas = new Map(questions.map(({ block, partitions }) => [String(partitions[0][0] * partitions[0][1]), { block, partitions }]));
  const settle = () => void attempt(() => settleFile(id, { partitions: [...answers.values()].map(([h, w]) => [h, w]), eps: null }));
  return (
    <div className="stack says-warning" data-testid="partition-question">
      <p>
        {assumed
          ? 'The shapes leave the partition open, and the merge depends on it; the one shown is assumed. Say another if the network was built with it.'
          : 'The shapes leave the partition of these blocks open, and the merge depends on it. Say what the network was built with.'}
      </p>
      {[...areas].map(([area, { block, partitions }]) => (
        <label key={area} className="row">
          {`height x width of ${block || 'the block'}`}
          <select
            value={answers.get(area)?.join('x') ?? ''}
            data-testid="partition-choice"
            onChange={(event) => {
              const chosen = partitions.find((pair) => pair.join('x') === event.target.value);
              if (chosen) setAnswers(new Map([...answers, [area, chosen]]));
            }}
          >
            <option value="" disabled>
              choose
            </option>
            {partitions.map((pair) => (
              <option key={pair.join('x')}>{pair.join('x')}</option>
            ))}
          </select>
        </label>
      ))}
      <button type="button" className="button" disabled={answers.size < areas.size} data-testid="partition-settle" onClick={settle}>
        Read the file so
      </button>
    </div>
  );
}

/** The eps in use; another one can be said where no pickled module tells it. */
function Eps({ file: { id, eps } }: { readonly file: OpenedCheckpoint }) {
  const [text, setText] = useState('');
  const value = Number(text);
  const valid = text.trim() !== '' && Number.isFinite(value) && value >= 0;
  return (
    <div className="row">
      <span className="faint" data-testid="eps">{`eps of the batch norms: ${eps.join(', ')}`}</span>
      <input
        type="text"
        className="short-number"
        aria-label="eps of the batch norms"
        placeholder={String(eps[0])}
        value={text}
        data-testid="eps-value"
        onChange={(event) => setText(event.target.value)}
      />
      <button
        type="button"
        className="button quiet"
        disabled={!valid}
        data-testid="eps-settle"
        onClick={() => void attempt(() => settleFile(id, { partitions: null, eps: value }))}
      >
        Use this eps
      </button>
    </div>
  );
}
