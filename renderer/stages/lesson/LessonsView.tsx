// The lessons at hand: those that come with the program, then those that were opened, with what is wrong with them.
import { printable } from '@shared/base/printable';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { problemText } from '@shared/lesson/problem';
import { attempt } from '../../studio/notices';
import { openHelp } from '../../studio/help/help';
import { Panel, Stage } from '../../studio/Stage';
import { lessonCommands, openLessonFiles } from './commands';
import { CommandButton } from '../../studio/CommandButton';
import { chooseFiles } from '../../studio/dropped-files';
import { inLanguage, lessons, loadShelf, startLesson } from './lesson';
import type { ShelfLesson } from './shelf';
import './lesson.css';

export function LessonsView() {
  const { shelf, loaded, open } = useStore(lessons);
  useEffect(() => void attempt(loadShelf), []);
  const opened = shelf.filter(({ shipped }) => !shipped);
  const tools = (
    <>
      <CommandButton command={lessonCommands['lesson-open']} />
      <button type="button" className="button" data-testid="lesson-open-folder" onClick={() => void attempt(openFolder)}>
        Open a folder
      </button>
      <CommandButton command={lessonCommands['lesson-projector']}>Projector mode</CommandButton>
    </>
  );
  return (
    <Stage name="lesson" tools={tools}>
      <div className="stack">
        {!loaded && <p className="empty">Reading the lessons</p>}
        <ol className="lesson-shelf" data-testid="lesson-shelf">
          {shelf
            .filter(({ shipped }) => shipped)
            .map((one) => (
              <ShelfEntry key={one.key} one={one} open={open === one.key} />
            ))}
        </ol>
        {opened.length > 0 && (
          <Panel title="Opened" testId="lessons-opened">
            <ol className="lesson-shelf">
              {opened.map((one) => (
                <ShelfEntry key={one.key} one={one} open={open === one.key} />
              ))}
            </ol>
          </Panel>
        )}
        <ForTeachers />
      </div>
    </Stage>
  );
}

async function openFolder(): Promise<void> {
  const found = await chooseFiles('folder');
  if (found.length > 0 && !(await openLessonFiles(found)))
    throw new Error('This folder holds no lesson: a lesson is a file lesson.md that begins with "---" and "lesson: 1".');
}

function ShelfEntry({ one, open }: { readonly one: ShelfLesson; readonly open: boolean }) {
  const language = useStore(lessons, (state) => state.language);
  const lesson = inLanguage(one, language);
  if (!lesson) return <BrokenLesson one={one} />;
  const { title, summary, minutes, steps } = lesson;
  return (
    <li className={open ? 'open' : ''}>
      <button
        type="button"
        className="door"
        data-testid={`lesson-start-${lesson.id}`}
        onClick={() => void attempt(() => startLesson(one.key))}
      >
        <strong>{printable(title)}</strong>
        <span>{summary}</span>
        <span className="faint">{`${minutes === undefined ? '' : `${minutes} minutes, `}${steps.length} steps${open ? ', open' : ''}`}</span>
      </button>
      {one.problems.length > 0 && <Problems one={one} />}
    </li>
  );
}

function BrokenLesson({ one }: { readonly one: ShelfLesson }) {
  return (
    <li data-testid="lesson-broken">
      <p>
        <strong>{printable(one.file)}</strong> cannot be played:
      </p>
      <Problems one={one} />
    </li>
  );
}

function Problems({ one: { file, problems } }: { readonly one: ShelfLesson }) {
  return (
    <ul className="says-error lesson-problems">
      {problems.map((problem, at) => (
        <li key={at}>{problemText(file, problem)}</li>
      ))}
    </ul>
  );
}

function ForTeachers() {
  return (
    <Panel title="In class">
      <div className="stack">
        <p>
          A lesson is a text file. Each pupil ends with one small file of answers; <code>repmlp lesson results FOLDER</code> makes a table
          of them, with the learning gain. <code>repmlp lesson export</code> makes a handout.
        </p>
        <div className="row">
          <button type="button" className="button" data-testid="writing-lessons" onClick={() => openHelp('writing-lessons')}>
            How to write a lesson
          </button>
          <CommandButton command={lessonCommands['lesson-save-state']} />
          <CommandButton command={lessonCommands['lesson-copy-link']} />
        </div>
      </div>
    </Panel>
  );
}
