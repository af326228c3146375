// A picture given as RGBA pixels.
import { useEffect, useRef } from 'react';

interface PixelsProps {
  /** height * width * 4 bytes. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  readonly size: { readonly height: number; readonly width: number };
}

export function Pixels({ rgba, size: { width, height } }: PixelsProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0);
  }, [rgba, width, height]);
  return <canvas ref={canvas} width={width} height={height} aria-hidden="true" />;
}
