// Which graphics are a program on the CPU: decided in one place for the engine's choice, the offer of a window and the explorer.

/** Whether a renderer's name, as WebGL or WebGPU gives it, says that the CPU draws and computes. */
export function isSoftwareRenderer(name: string): boolean {
  return /swiftshader|llvmpipe|softpipe|lavapipe|software|basic render/i.test(name);
}
