// The story's chapters, and what the one that is open says.
import { CHAPTERS, type Chapter } from '@shared/matrix/convolution-scene';
import { CommandButton } from '../../../studio/CommandButton';
import { attempt } from '../../../studio/notices';
import { CHAPTER_RECORDS } from '../chapters';
import { convolutionCommands } from '../commands';
import { goToChapter } from '../scene';

export function ChapterBar({ chapter }: { readonly chapter: Chapter }) {
  return (
    <nav className="chapter-bar" aria-label="Chapters">
      <ol>
        {CHAPTERS.map((one, k) => (
          <li key={one}>
            <button
              type="button"
              aria-current={one === chapter ? 'step' : undefined}
              data-testid={`chapter-${one}`}
              onClick={() => void attempt(() => goToChapter(one))}
            >
              <span className="chapter-number">{k + 1}</span>
              <span className="chapter-name">{CHAPTER_RECORDS[one].name}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

export function ChapterText({ chapter }: { readonly chapter: Chapter }) {
  const { title, says, tries } = CHAPTER_RECORDS[chapter];
  return (
    <section className="chapter-text" aria-live="polite">
      <div className="chapter-head">
        <h2 data-testid="chapter-title">{title}</h2>
        <CommandButton command={convolutionCommands['convolution-previous-chapter']}>Back</CommandButton>
        <CommandButton command={convolutionCommands['convolution-next-chapter']} primary>
          Next
        </CommandButton>
      </div>
      <p>{says}</p>
      <p className="chapter-tries">
        <b>Try it.</b> {tries}
      </p>
    </section>
  );
}
