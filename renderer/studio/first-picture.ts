// When the window's first picture stands: what does not belong to it waits until then, for one machine serves both. Invariant: nothing
// waits for long, nor where another stage than the first screen is shown.
import { navigation } from './navigation';

/** The longest wait, in milliseconds: without a service there is no picture. */
const LATEST = 2500;

let tell: () => void = () => undefined;
const told = new Promise<void>((resolve) => (tell = resolve));

/** Resolves when the picture stands, when another stage is asked for, or when it has been waited for long enough. */
export const firstPicture: Promise<void> = Promise.race([
  told,
  new Promise<void>((resolve) => setTimeout(resolve, LATEST)),
  new Promise<void>((resolve) => {
    if (navigation.getState().stage !== 'home') resolve();
    navigation.subscribe(({ stage }) => stage !== 'home' && resolve());
  }),
]);

/** Said by the first screen once it has drawn its picture, or cannot. */
export function firstPictureStands(): void {
  tell();
}
