// The open lesson beside the stage, which makes room for it.
import { lazy, Suspense, useLayoutEffect } from 'react';
import { useStore } from 'zustand';
import { lessonPanel, lessons } from '../stages/lesson';

const LessonPanel = lazy(async () => ({ default: await lessonPanel() }));

/** `onShown` is told before the next picture whether one is open. */
export function LessonBeside({ onShown }: { readonly onShown: (isOpen: boolean) => void }) {
  const isOpen = useStore(lessons, ({ player, open, shelf }) => player !== null && shelf.some(({ key }) => key === open));
  useLayoutEffect(() => onShown(isOpen), [isOpen, onShown]);
  if (!isOpen) return null;
  return (
    <Suspense fallback={<aside className="lesson-panel" aria-label="Lesson" />}>
      <LessonPanel />
    </Suspense>
  );
}
