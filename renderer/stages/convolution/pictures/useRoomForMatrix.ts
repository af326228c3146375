// How high the matrix may be so that the sentence below its slider is still in sight: measured, since words wrap differently in each
// chapter, width, language of numbers and size of type. Invariant: the matrix gives way, never the sentence, down to LEAST.
import { useLayoutEffect, useRef, type RefObject } from 'react';

/** Least and most height of the matrix, in rem. */
const [LEAST, MOST] = [8, 48];
/** Pixels left free below the sentence. */
const FOOT = 6;

/** The box whose `--tall` is kept; `layout` names what is laid out in it: another one is measured anew. */
export function useRoomForMatrix(layout: string): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null);
  /** The highest sentence so far in one layout: the matrix does not jump as sentences of one and two lines take turns. */
  const highest = useRef({ key: '', sentence: 0 });
  useLayoutEffect(() => {
    const pictures = box.current;
    const body = pictures?.closest('.stage-body');
    if (!pictures || !body) return;
    const fit = (): void => {
      const tall = roomIn(pictures, body, (sentence) => {
        const key = `${layout} ${body.clientWidth}`;
        highest.current = { key, sentence: Math.max(sentence, highest.current.key === key ? highest.current.sentence : 0) };
        return highest.current.sentence;
      });
      if (tall !== null) pictures.style.setProperty('--tall', `${tall}px`);
    };
    fit();
    const observer = new ResizeObserver(fit);
    for (const one of [body, ...body.querySelectorAll('.chapter-text, .middle-column, .followed')]) observer.observe(one);
    return () => observer.disconnect();
  }, [layout]);
  return box;
}

/** Pixels left for the matrix when all else stays as it is; null while nothing is drawn. */
function roomIn(pictures: Element, body: Element, sentenceHeight: (now: number) => number): number | null {
  const row = pictures.querySelector('.matrix-row');
  const [picture, matrix, sentence] = [
    row?.firstElementChild,
    row?.querySelector('.matrix-with-vectors > .grid-picture, .fold-box'),
    pictures.querySelector('.followed'),
  ].map((element) => element?.getBoundingClientRect());
  if (!row || !picture || !matrix || !sentence) return null;
  // All of the row counts as the picture's: parts beside it that are higher must not make it smaller and smaller.
  const frame = picture.height - matrix.height - row.getBoundingClientRect().height;
  const above = sentence.top - body.getBoundingClientRect().top + body.scrollTop + frame;
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const room = Math.floor(body.clientHeight - above - sentenceHeight(sentence.height) - FOOT);
  return Math.max(LEAST * rem, Math.min(MOST * rem, room));
}
