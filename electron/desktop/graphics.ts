// The GPU's process may end: its driver crashes, a remote desktop changes. Chromium then blocks WebGL for a page's domain until the
// app is started again, one entry for every context that was lost; here the blocking is off, and the engine waits between its tries.
import { app } from 'electron';

/** Before the app is ready: pages may have WebGL again after the GPU's process has ended. */
export function allowGraphicsAgain(): void {
  app.disableDomainBlockingFor3DAPIs();
}

/** Says it when the GPU's process, or another one of the app's, has ended. */
export function sayEndedProcesses(say: (message: string) => void): void {
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    if (type === 'GPU')
      say(
        `The GPU's process has ended (${reason}, ${exitCode}). Pictures are drawn again, and training goes on from its last checkpoint; if it happens again and again, as on some remote desktops, start the program with --ignore-gpu-blocklist, or choose the WASM backend.`,
      );
    else say(`A process of the program has ended (${type}, ${reason}, ${exitCode}); it is started again where it is needed.`);
  });
}
