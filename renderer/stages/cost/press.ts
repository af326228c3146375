// Parts of pictures that are pressed: by pointer, Enter or space; held with Shift, they do another thing.
import type { KeyboardEvent, MouseEvent } from 'react';

/** The role and handlers of a part of a picture. */
export function pressable(press: (withShift: boolean) => void) {
  return {
    role: 'button',
    onClick: ({ shiftKey }: MouseEvent) => press(shiftKey),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      press(event.shiftKey);
    },
  } as const;
}
