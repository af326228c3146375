// Commands of lessons.
import { isPreparedState, linkOfState, parsePreparedState, preparedStateText, stateOfLink } from '@shared/lesson/prepared-state';
import { isAnswers } from '@shared/lesson/class/answers';
import { UserError } from '@shared/base/user-error';
import { commandsOf } from '../../studio/command';
import { chooseFiles, type FoundFile } from '../../studio/dropped-files';
import { goTo, navigation } from '../../studio/navigation';
import { attempt, notify } from '../../studio/notices';
import { toggleProjector } from '../../studio/projector';
import { download } from '../../ui/download';
import { closeLesson, lessons, nextStep, previousStep, reasonToWait } from './lesson';
import { goToPart } from './panel/HighlightPart';
import { prepare, stateNow } from './prepare';
import { lessonsOfFiles, type ShelfLesson } from './shelf';

const isOpen = (): boolean => lessons.getState().player !== null;

export const lessonCommands = commandsOf('lesson', {
  'lesson-next': { when: isOpen, waits: reasonToWait, run: nextStep },
  'lesson-back': { when: isOpen, run: previousStep },
  'lesson-focus': { when: isOpen, run: () => document.querySelector<HTMLElement>('#lesson-panel h2')?.focus() },
  'lesson-highlight': { when: isOpen, run: goToPart },
  'lesson-projector': { run: toggleProjector },
  'lesson-close': { when: isOpen, run: closeLesson },
  'lesson-open': { run: async () => void (await openLessonFiles(await chooseFiles('files'))) },
  'lesson-save-state': { run: saveState },
  'lesson-copy-link': { run: copyLink },
});

/** Takes lessons and prepared states among files; whether there were any. Weights and other files are left to others. */
export async function openLessonFiles(found: readonly FoundFile[]): Promise<boolean> {
  const states = [];
  for (const { path, file } of found) {
    if (!/\.json$/i.test(path) || file.size > 2 ** 22) continue;
    const text = await file.text();
    if (isPreparedState(text)) states.push(parsePreparedState(text, file.name));
    else if (isAnswers(text))
      throw new UserError(`${file.name} holds a pupil's answers: repmlp lesson results FOLDER makes a table of them`);
  }
  const opened = await lessonsOfFiles(found);
  if (opened.length > 0) {
    const keys = new Set(opened.map(({ key }) => key));
    // One that was broken may be mended now.
    const stays = (one: ShelfLesson): boolean =>
      !keys.has(one.key) && (one.lesson !== null || opened.every(({ file }) => file !== one.file));
    lessons.setState(({ shelf }) => ({ shelf: [...shelf.filter(stays), ...opened] }));
    goTo('lesson');
  }
  for (const state of states) await prepare(state);
  return opened.length + states.length > 0;
}

function saveState(): void {
  download('prepared-state.json', new Blob([preparedStateText(stateNow())], { type: 'application/json' }));
}

async function copyLink(): Promise<void> {
  const address = `${location.origin}${location.pathname}#${linkOfState(stateNow())}`;
  await navigator.clipboard.writeText(address);
  notify('success', 'The link is copied. It opens what is shown now, in a studio that runs at this address.');
}

/** Prepares the states of links that are pasted into the address of an open window. */
export function followLinks(): void {
  window.addEventListener('hashchange', () => void attempt(openLink));
}

/** Prepares the state of a link that the window was opened with, or that was pasted into its address. */
export async function openLink(): Promise<void> {
  const state = stateOfLink(location.hash);
  if (!state) return;
  // The address is a stage's again: a reload must not prepare it a second time.
  history.replaceState(null, '', `#${state.stage ?? navigation.getState().stage}`);
  await prepare(state);
}
