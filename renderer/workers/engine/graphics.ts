// What this window's graphics run on, found out without starting a compute backend.
import type { EngineOffer } from '@shared/link/wire-port';

/** The GPU as WebGL names it, and whether it is a program on the CPU. */
export function askWhatItIs(): EngineOffer {
  const gl = 'OffscreenCanvas' in globalThis ? new OffscreenCanvas(1, 1).getContext('webgl2') : null;
  if (gl === null) return { device: '', software: true };
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const device = String(gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return { device, software: /swiftshader|llvmpipe|softpipe|software|basic render/i.test(device) };
}
