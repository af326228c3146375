// Which graphics are a program on the CPU: decided in one place for the engine's choice, the offer of a window and the explorer.

/** Whether a renderer's name, as WebGL or WebGPU gives it, says that the CPU draws and computes. */
export function isSoftwareRenderer(name: string): boolean {
  return /swiftshader|llvmpipe|softpipe|lavapipe|software|basic render/i.test(name);
}

/** What a WebGL context calls the graphics it draws with. */
export function rendererName(gl: WebGLRenderingContext | WebGL2RenderingContext): string {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}
