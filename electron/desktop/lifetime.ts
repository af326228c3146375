// When the app ends. A training outlives the window: the app goes on without one until the training has
// ended, and a second start shows the window again.
import { app } from 'electron';
import type { Service } from '../app/service';

const CHECK_MILLISECONDS = 2000;

/** Ends the app once nothing is under way, unless a window was opened again. Call when the window was closed. */
export function endWhenIdle(service: Service, hasWindow: () => boolean): void {
  if (process.platform === 'darwin' || hasWindow()) return;
  if (!service.isTraining()) app.quit();
  else setTimeout(() => endWhenIdle(service, hasWindow), CHECK_MILLISECONDS);
}

/** Closes the service before the app quits, so that a training is on disk and can be resumed. */
export function closeBeforeQuit(service: Service): void {
  let closed = false;
  app.on('before-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void service.close().finally(() => {
      closed = true;
      app.quit();
    });
  });
  // With the default, the app would quit with its last window, and a training with it.
  app.on('window-all-closed', () => undefined);
}
