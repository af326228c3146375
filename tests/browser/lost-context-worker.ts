// The engine's worker of lost-context.test.ts, whose graphics contexts the test can lose: a message of the page loses the newest.
import './engine-page-worker';

const contexts: WebGL2RenderingContext[] = [];
const getContext = OffscreenCanvas.prototype.getContext as (this: OffscreenCanvas, ...asked: unknown[]) => unknown;
OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, ...asked: unknown[]) {
  const context = getContext.apply(this, asked);
  if (context instanceof WebGL2RenderingContext && !contexts.includes(context)) contexts.push(context);
  return context;
} as typeof OffscreenCanvas.prototype.getContext;

new BroadcastChannel('lose-context').onmessage = () => {
  contexts
    .filter((context) => !context.isContextLost())
    .at(-1)
    ?.getExtension('WEBGL_lose_context')
    ?.loseContext();
};
