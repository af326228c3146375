// Names the files people open by mistake, so that the refusal says what the file is and what to do.
import { isRecord } from '../base/is-record';
import { protobufModel } from './protobuf-model';

interface ForeignFormat {
  readonly looksLike: (start: string) => boolean;
  readonly sentence: string;
}

const beginsWith =
  (...signatures: string[]) =>
  (start: string): boolean =>
    signatures.some((signature) => start.startsWith(signature));

const PICTURE = 'is a picture, not a checkpoint';

const FOREIGN: readonly ForeignFormat[] = [
  {
    looksLike: (start) => /^\s*(<\?xml[^>]*>\s*)?<net\b/i.test(start),
    sentence: 'is an OpenVINO model; open the checkpoint it was made from',
  },
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
  {
    looksLike: beginsWith('GGUF', 'ggml', 'lmgg', 'fmgg', 'tjgg'),
    sentence: 'is a GGUF model; export the weights as safetensors',
  },
  { looksLike: (start) => start.slice(4, 8) === 'TFL3', sentence: 'is a TensorFlow Lite model; export the weights as npz or safetensors' },
  { looksLike: beginsWith('ptrt', 'ftrt'), sentence: 'is a TensorRT engine; open the PyTorch checkpoint it was built from' },
  { looksLike: beginsWith('MATLAB 5.0'), sentence: 'is a MATLAB file; save the arrays as npz' },
  { looksLike: beginsWith('\x89PNG', '\xff\xd8\xff', 'GIF8', 'RIFF'), sentence: PICTURE },
  { looksLike: beginsWith('%PDF'), sentence: 'is a PDF document, not a checkpoint' },
  { looksLike: beginsWith('SQLite format 3'), sentence: 'is an SQLite database, not a checkpoint' },
  {
    looksLike: (start) => protobufModel(start) === 'other',
    sentence: 'is a protobuf model (TensorFlow, Core ML or Caffe); export the weights as npz or safetensors',
  },
  {
    looksLike: (start) => /^\0+$/.test(start),
    sentence: 'begins with nothing but zeros: the download or copy did not finish; do it again',
  },
  { looksLike: (start) => /^[\x09\x0a\x0d\x20-\x7e]+$/.test(start), sentence: 'is a text file, not a checkpoint' },
];

/** The sentence for a file whose first bytes (as Latin-1) are in no known checkpoint format. */
export function foreignFormat(start: string): string {
  const format = FOREIGN.find(({ looksLike }) => looksLike(start));
  return format?.sentence ?? 'is not a checkpoint this program knows: expected PyTorch (.pth, .pt), safetensors, npz or npy';
}

/** The sentence for JSON that belongs to weights in other files; null for other texts. `text` is the whole file. */
export function foreignJson(text: string): string | null {
  const json = parsed(text);
  if (json === null) return null;
  if (isRecord(json.weight_map)) return indexSentence(json.weight_map);
  if ('weightsManifest' in json || 'modelTopology' in json)
    return 'is a TensorFlow.js model; its weights lie in .bin files beside it: export them as npz or safetensors';
  if ('architectures' in json || 'model_type' in json) return 'is the configuration of a model; open the file of its weights beside it';
  if (Array.isArray(json.cells)) return 'is a Jupyter notebook, not a checkpoint';
  return null;
}

function indexSentence(map: Record<string, unknown>): string {
  const files = [...new Set(Object.values(map))].filter((file) => typeof file === 'string').sort();
  const listed = files.length > 3 ? `${files.slice(0, 2).join(', ')} ... ${String(files.at(-1))}` : files.join(', ');
  const tensors = Object.keys(map).length;
  return `is the index of a checkpoint in ${files.length} parts (${listed}), which hold its ${tensors} tensors; load all parts, put them into one state dict and save it as one file`;
}

/** What a zip archive holds that is neither PyTorch's nor NumPy's, by the names of its members; null for npz. */
export function foreignArchive(members: readonly string[]): string | null {
  if (members.some((name) => name.endsWith('.npy'))) return null;
  const inside = members.find((name) => /\.(pth|pt|pth\.tar|ckpt|bin|safetensors|npz|pkl)$/i.test(name) && !/(^|\/)data\//.test(name));
  if (members.includes('model.weights.h5')) return 'is a Keras model; export the weights as npz or safetensors';
  if (members.some((name) => name.startsWith('MAR-INF/'))) return 'is a TorchServe archive; unpack it and open the checkpoint inside';
  if (members.some((name) => /(^|\/)\.data\/extern_modules$/.test(name)))
    return 'is a PyTorch package (torch.package): a program, not a checkpoint; in PyTorch save its state_dict() instead';
  if (members.some((name) => /(^|\/)(serialized_exported_program\.json|models\/[^/]+\.json|archive_format)$/.test(name)))
    return 'is an exported program (torch.export), not a checkpoint; in PyTorch save its state_dict() instead';
  if (members.some((name) => /^[^/]*\/(version|byteorder|data\/\d+)$/.test(name)))
    return 'is a PyTorch archive without its data.pkl: saving it did not finish; save it again';
  if (inside !== undefined) return `is a zip archive around ${JSON.stringify(inside)}; unpack it and open that file`;
  return null;
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const json: unknown = JSON.parse(text);
    return isRecord(json) ? json : null;
  } catch {
    return null;
  }
}
