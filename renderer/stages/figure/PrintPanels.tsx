// What stands beside a figure: a draft of its caption as text, and what the press inspection finds.
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Finding } from '@shared/figure/check/finding';
import { venueOf } from '@shared/figure/venues';
import { attempt } from '../../studio/notices';
import { Panel } from '../../studio/Stage';
import { figure, inspectShown } from './figure';

export function CaptionPanel() {
  const caption = useStore(figure, ({ drawn }) => drawn?.caption ?? '');
  if (caption === '') return null;
  const copy = (
    <button type="button" className="button" onClick={() => void attempt(() => navigator.clipboard.writeText(caption))}>
      Copy
    </button>
  );
  return (
    <Panel title="Caption" says="a draft, with the numbers and conventions" tools={copy} testId="figure-caption-text">
      <p>{caption}</p>
    </Panel>
  );
}

const MARKS = { pass: 'passes', fail: 'fails', 'not judged': 'not judged' } as const;

export function InspectionPanel() {
  const { inspection, recipe, problem } = useStore(figure);
  const [busy, setBusy] = useState(false);
  const { venue } = recipe.layout;
  const inspect = async (): Promise<void> => {
    setBusy(true);
    await attempt(inspectShown);
    setBusy(false);
  };
  const tools = (
    <button
      type="button"
      className="button"
      disabled={busy || problem !== null}
      data-testid="figure-inspect"
      onClick={() => void inspect()}
    >
      {busy ? 'Inspecting' : 'Inspect'}
    </button>
  );
  const says = venue === undefined ? 'for print in general; choose a venue above for its limits' : `for ${venueOf(venue).name}`;
  return (
    <Panel title="Press inspection" says={says} tools={tools} testId="figure-inspection">
      {inspection === null ? (
        <p className="faint">
          The PDF is read back: its size, fonts, type, lines, rasters, colours to five kinds of eyes, alternative text.
        </p>
      ) : (
        <>
          <p className={inspection.pass ? 'says-good' : 'says-error'} role="status">
            {inspection.pass ? 'It passes.' : 'It does not pass.'}
          </p>
          <ul className="plain-list findings">
            {inspection.findings.map((one) => (
              <FindingLine key={one.rule} finding={one} />
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

function FindingLine({ finding: { rule, verdict, says, fix } }: { readonly finding: Finding }) {
  return (
    <li data-verdict={verdict}>
      <strong>{`${rule}: ${MARKS[verdict]}`}</strong>
      {` ${says}`}
      {fix !== null && <em>{` ${fix}`}</em>}
    </li>
  );
}
