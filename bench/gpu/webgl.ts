// WebGL's calls counted: call before tfjs makes its context.
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { type Counter, watched } from './counts';

/** Counts what every WebGL2 context of this thread is asked for. */
export function countWebgl(counter: Counter): void {
  const gl = WebGL2RenderingContext.prototype;
  const viewports = new WeakMap<WebGL2RenderingContext, number>();
  watched(gl, 'viewport', ([, , width, height], context) => void viewports.set(context, width * height));
  for (const draw of ['drawArrays', 'drawElements'] as const)
    watched(gl, draw, (_args, context) => {
      counter.add('draws');
      counter.add('written', viewports.get(context) ?? 0);
    });
  watched(gl, 'createTexture', () => counter.add('made'));
  watched(gl, 'linkProgram', () => counter.add('programs'));
  for (const upload of ['texImage2D', 'texSubImage2D', 'bufferData'] as const)
    watched(gl, upload, (args: readonly unknown[]) => counter.add('uploadedBytes', bytesIn(args)));
  watched(gl, 'readPixels', (args: readonly unknown[]) => read(counter, bytesIn(args)));
  watched(gl, 'getBufferSubData', (args: readonly unknown[]) => read(counter, bytesIn(args)));
}

/** Counts the textures that tfjs takes, and names what draws; call when the backend runs. */
export function countTfjsWebgl(counter: Counter, backend: MathBackendWebGL): void {
  watched(backend, 'runWebGLProgram', ([program]) => counter.draw(program.constructor.name));
  watched(backend.getTextureManager(), 'acquireTexture', () => counter.add('taken'));
}

/** A pixel-pack buffer is read twice over: into itself without an array, and then from there. */
function read(counter: Counter, bytes: number): void {
  if (bytes === 0) return;
  counter.add('reads');
  counter.add('readBytes', bytes);
}

const bytesIn = (args: readonly unknown[]): number => args.find((arg) => ArrayBuffer.isView(arg))?.byteLength ?? 0;
