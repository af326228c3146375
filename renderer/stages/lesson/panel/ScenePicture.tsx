// A picture of the lesson's own: a file of its folder, a scene drawn by the program, or a figure drawn by the service.
import { SaveFigureButton } from '../../../studio/SaveFigureButton';
import { useEffect, useState } from 'react';
import type { LessonPicture } from '@shared/lesson/picture';
import { scenePicture } from '@shared/lesson/handout/scene-picture';
import { filledIn, type Circumstances } from '@shared/lesson/scope';
import type { SceneModel } from '@shared/merge/convolution/scene-model';
import { messageOf } from '@shared/base/message-of';
import type { AskedFigure } from '../../../studio/asked-figure';
import { openShelf } from '../lesson';
import { drawFigure, resolveInWindow } from '../prepare';
import { Prose } from './Prose';

export function PictureFigure({ picture, within }: { readonly picture: LessonPicture; readonly within: Circumstances }) {
  const { file, show, figure, alt, caption } = picture;
  const { model, problem } = useScene(picture.scene, within);
  const drawn = useFigure(figure);
  const words = filledIn(alt, within);
  const asked = askedOf(picture, model);
  return (
    <figure className="lesson-picture">
      {file !== undefined && <img src={openShelf()?.pictures.get(file) ?? ''} alt={words} />}
      {show !== undefined && model && <div dangerouslySetInnerHTML={{ __html: scenePicture(model, show, words) }} />}
      {drawn.url !== null && <img src={drawn.url} alt={words} />}
      {[problem, drawn.problem].map(
        (text) =>
          text !== null && (
            <p key={text} className="says-error">
              {text}
            </p>
          ),
      )}
      {asked !== null && <SaveFigureButton testId="figure-of-lesson-picture" what="this picture" quiet asked={() => asked} />}
      {caption !== undefined && <Prose text={caption} within={within} className="lesson-caption" />}
    </figure>
  );
}

/** The figure of a picture that the program draws, as it is drawn; null of a file, which is the author's own. */
function askedOf({ figure, show }: LessonPicture, model: SceneModel | null): AskedFigure | null {
  if (figure) return { kind: figure.kind, change: figure } as AskedFigure;
  return show !== undefined && model ? { kind: 'convolution', change: { scene: model.scene, show } } : null;
}

interface DrawnFigure {
  readonly url: string | null;
  readonly problem: string | null;
}

const NOTHING: DrawnFigure = { url: null, problem: null };

/** A figure as an address of its drawing, which is given up with the picture. */
function useFigure(recipe: LessonPicture['figure']): DrawnFigure {
  const [drawn, setDrawn] = useState(NOTHING);
  useEffect(() => {
    if (!recipe) return setDrawn(NOTHING);
    let gone = false;
    let url: string | null = null;
    drawFigure(recipe).then(
      (made) => {
        if (gone) return URL.revokeObjectURL(made);
        url = made;
        setDrawn({ url, problem: null });
      },
      (error: unknown) => !gone && setDrawn({ url: null, problem: messageOf(error) }),
    );
    return () => {
      gone = true;
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [recipe]);
  return drawn;
}

/** The picture's own scene, read; the app's where it has none. */
function useScene(
  scene: LessonPicture['scene'],
  { world }: Circumstances,
): { readonly model: SceneModel | null; readonly problem: string | null } {
  const [own, setOwn] = useState<{ readonly of: typeof scene; readonly model: SceneModel | null; readonly problem: string | null } | null>(
    null,
  );
  useEffect(() => {
    if (!scene) return;
    resolveInWindow(scene).then(
      (model) => setOwn({ of: scene, model, problem: null }),
      (error: unknown) => setOwn({ of: scene, model: null, problem: messageOf(error) }),
    );
  }, [scene]);
  if (!scene) return { model: world.scene, problem: null };
  return own?.of === scene ? own : { model: null, problem: null };
}
