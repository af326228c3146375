// What the step points at: named for whoever cannot see the outline, and reached by one key.
import { windowPart } from '@shared/lesson/parts';
import type { HighlightBlock } from '@shared/lesson/steps/highlight';
import type { Circumstances } from '@shared/lesson/scope';
import { notify } from '../../../studio/notices';
import { goToHighlight } from '../pointing';
import { Prose } from './Prose';

export function goToPart(): void {
  if (!goToHighlight()) notify('info', 'What the lesson points at is not on this stage now.');
}

export function HighlightPart({ block: { part, note }, within }: { readonly block: HighlightBlock; readonly within: Circumstances }) {
  return (
    <div className="lesson-pointer">
      {note !== undefined && <Prose text={note} within={within} />}
      <button type="button" className="button quiet" data-testid="lesson-highlight" onClick={goToPart}>
        {`Go to ${windowPart(part)?.says ?? part} (Alt+H)`}
      </button>
    </div>
  );
}
