// Commands of the convolution stage. Movement by arrows belongs to the picture that has the focus.
import { CHAPTERS } from '@shared/matrix/convolution-scene';
import { commandsOf, type Deed } from '../../studio/command';
import { goTo, navigation } from '../../studio/navigation';
import { chapterBeside } from './chapters';
import { goToChapter, shown, step } from './scene';

const here = (run: () => unknown): Deed => ({ when: () => navigation.getState().stage === 'convolution', run });

/** Shows the stage from its first chapter on. */
export async function learn(): Promise<void> {
  goTo('convolution');
  await goToChapter(CHAPTERS[0]);
}

/** Goes on by itself, or stops; where less motion is asked for, it is one step. */
function play(): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) step(1);
  else shown.setState(({ playing }) => ({ playing: !playing }));
}

const turn = (by: number): Deed => {
  const next = () => chapterBeside(shown.getState().scene.chapter, by);
  return {
    when: () => navigation.getState().stage === 'convolution' && next() !== null,
    run: () => {
      const chapter = next();
      return chapter && goToChapter(chapter);
    },
  };
};

export const convolutionCommands = commandsOf('convolution', {
  'convolution-play': here(play),
  'convolution-next': here(() => step(1)),
  'convolution-previous': here(() => step(-1)),
  'convolution-next-chapter': turn(1),
  'convolution-previous-chapter': turn(-1),
});
