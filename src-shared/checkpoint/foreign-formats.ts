// Names the files people open by mistake, so that the refusal says what the file is.

interface ForeignFormat {
  readonly looksLike: (start: string) => boolean;
  readonly sentence: string;
}

const beginsWith =
  (...signatures: string[]) =>
  (start: string): boolean =>
    signatures.some((signature) => start.startsWith(signature));

const FOREIGN: readonly ForeignFormat[] = [
  {
    looksLike: (start) => /^\s*(<!doctype html|<html|<\?xml|<head)/i.test(start),
    sentence:
      'is a web page, not a checkpoint: the download went wrong (a quota or login page, most likely); download it again in a browser',
  },
  {
    looksLike: beginsWith('version https://git-lfs'),
    sentence: 'is a Git LFS pointer, not the checkpoint itself; fetch it with git lfs pull',
  },
  { looksLike: beginsWith('\x1f\x8b'), sentence: 'is gzip-compressed; unpack it first (gunzip)' },
  {
    looksLike: beginsWith('BZh', '\xfd7zXZ', '\x28\xb5\x2f\xfd', '7z\xbc\xaf', 'Rar!'),
    sentence: 'is a compressed archive; unpack it first',
  },
  {
    looksLike: (start) => start.slice(257, 262) === 'ustar',
    sentence: 'is a tar archive; unpack it first (a PyTorch checkpoint of before 2017 has to be saved again with a newer PyTorch)',
  },
  { looksLike: beginsWith('\x89HDF'), sentence: 'is an HDF5 file (Keras); export the weights as npz or safetensors' },
  { looksLike: beginsWith('GGUF', 'ggml'), sentence: 'is a GGUF model; export the weights as safetensors' },
  {
    looksLike: beginsWith('\x08\x03\x12', '\x08\x04\x12', '\x08\x05\x12', '\x08\x06\x12', '\x08\x07\x12', '\x08\x08\x12'),
    sentence: 'is an ONNX model; open the PyTorch checkpoint it was exported from',
  },
  { looksLike: (start) => /^[\x09\x0a\x0d\x20-\x7e]+$/.test(start), sentence: 'is a text file, not a checkpoint' },
];

/** The sentence for a file whose first bytes (as Latin-1) are in no known checkpoint format. */
export function foreignFormat(start: string): string {
  const format = FOREIGN.find(({ looksLike }) => looksLike(start));
  return format?.sentence ?? 'is not a checkpoint this program knows: expected PyTorch (.pth, .pt), safetensors, npz or npy';
}
