// Lets other work of the thread run: messages, timers, input. A message to oneself is used because hosts
// slow timers down in windows that are not in front.

const MILLISECONDS_BETWEEN_YIELDS = 15;
let lastYield = 0;

/** Resolves at once, or, if the thread has been busy for a while, after whatever waits in its queue. */
export async function yieldToEvents(): Promise<void> {
  if (performance.now() - lastYield < MILLISECONDS_BETWEEN_YIELDS) return;
  const { port1, port2 } = new MessageChannel();
  await new Promise<void>((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
  port1.close();
  lastYield = performance.now();
}
