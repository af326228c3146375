// Signals that ask the program to end: Ctrl-C (SIGINT), `kill`, a shutdown or a job's time limit (SIGTERM), a terminal or SSH
// session that is closed (SIGHUP; on Windows a closed console, which leaves some seconds), Ctrl-Break on Windows.

const ENDING = [...(['SIGINT', 'SIGTERM', 'SIGHUP'] as const), ...(process.platform === 'win32' ? (['SIGBREAK'] as const) : [])];
export type EndingSignal = (typeof ENDING)[number];

/** Hears every such signal, which ends the program no more by itself; gives back what stops the hearing. */
export function onEndingSignal(listener: (signal: EndingSignal) => void): () => void {
  const heard = ENDING.map((signal) => ({ signal, hear: () => listener(signal) }));
  for (const { signal, hear } of heard) process.on(signal, hear);
  return () => {
    for (const { signal, hear } of heard) process.removeListener(signal, hear);
  };
}

/** The next such signal. */
export function nextEndingSignal(): Promise<EndingSignal> {
  return new Promise((resolve) => {
    const stop = onEndingSignal((signal) => {
      stop();
      resolve(signal);
    });
  });
}

/** A terminal that is gone takes no output any more: that is no reason to end before all is on disk. */
export function outliveTerminal(): void {
  process.stderr.on('error', () => undefined);
}
