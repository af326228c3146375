// A text of the lesson: formulas filled in, Markdown set, terms explained; its links open pages of help.
import { useMemo, type MouseEvent } from 'react';
import 'katex/dist/katex.min.css';
import { lessonHtml } from '@shared/lesson/text/lesson-text';
import { filledIn, type Circumstances } from '@shared/lesson/scope';
import { messageOf } from '@shared/base/message-of';
import { glossary } from '../../../studio/help/glossary';
import { openHelp } from '../../../studio/help/help';
import { openShelf } from '../lesson';

interface ProseProps {
  readonly text: string;
  readonly within: Circumstances;
  readonly className?: string;
  readonly testId?: string;
}

export function Prose({ text, within, className = 'lesson-text', testId }: ProseProps) {
  const html = useMemo(() => proseHtml(text, within), [text, within.world, within.data]);
  return <div className={className} data-testid={testId} onClick={followHelp} dangerouslySetInnerHTML={{ __html: html }} />;
}

function proseHtml(text: string, within: Circumstances): string {
  const pictures = openShelf()?.pictures;
  try {
    return lessonHtml(filledIn(text, within), { picture: (name) => pictures?.get(name) ?? null, terms: glossary });
  } catch (error) {
    // A formula may fail on a state that nobody foresaw; the lesson goes on.
    return lessonHtml(`\`${messageOf(error).replaceAll('`', "'")}\``, { picture: () => null });
  }
}

function followHelp({ target }: MouseEvent): void {
  const page = target instanceof HTMLElement ? target.closest<HTMLElement>('[data-help]')?.dataset.help : undefined;
  if (page !== undefined) openHelp(page);
}
