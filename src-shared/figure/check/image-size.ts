// A picture inside an SVG: its size in pixels from the head of its PNG or JPEG, and the pixels of a PNG; null for one that lies
// elsewhere or is neither.
import { decode } from 'fast-png';
import type { Pixels } from './image-bar';

export function imageSize(href: string): { readonly width: number; readonly height: number } | null {
  const bytes = bytesOf(href);
  if (bytes === null) return null;
  const view = new DataView(bytes.buffer);
  if (bytes.length > 24 && view.getUint32(0) === 0x89504e47) return { width: view.getUint32(16), height: view.getUint32(20) };
  return bytes.length > 4 && view.getUint16(0) === 0xffd8 ? jpegSize(view) : null;
}

/** The pixels of a PNG of colours, 8 bits each; null for another picture, and for one that is damaged. */
export function imagePixels(href: string): Pixels | null {
  const bytes = bytesOf(href);
  if (bytes === null || bytes[0] !== 0x89) return null;
  try {
    const { width, height, channels, depth, data, palette } = decode(bytes);
    return depth === 8 && palette === undefined && (channels === 3 || channels === 4) ? { width, height, channels, data } : null;
  } catch {
    // It is no picture that a viewer draws: its size was all there was to tell.
    return null;
  }
}

function bytesOf(href: string): Uint8Array<ArrayBuffer> | null {
  const encoded = /^data:[^,]*;base64,(.*)$/s.exec(href)?.[1];
  return encoded === undefined ? null : Uint8Array.from(atob(encoded.replace(/\s/g, '')), (character) => character.charCodeAt(0));
}

/** From the first frame header. */
function jpegSize(view: DataView): { readonly width: number; readonly height: number } | null {
  for (let at = 2; at + 9 < view.byteLength; ) {
    const marker = view.getUint16(at);
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    if (marker < 0xff00) return null;
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}
