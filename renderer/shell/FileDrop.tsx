// Files dropped anywhere on the window are opened as weights.
import { useEffect, useState } from 'react';
import { openDropped } from '../studio/files';
import { attempt } from '../studio/notices';

export function FileDrop() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const drag = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(event.type === 'dragover');
      if (event.type === 'drop') void openAll(event.dataTransfer.files);
    };
    const kinds = ['dragover', 'drop', 'dragleave'] as const;
    kinds.forEach((kind) => window.addEventListener(kind, drag));
    return () => kinds.forEach((kind) => window.removeEventListener(kind, drag));
  }, []);
  return over ? <div className="drop-here">Drop weights here: .pth, .safetensors or .npz</div> : null;
}

async function openAll(files: FileList): Promise<void> {
  for (const file of files) await attempt(() => openDropped(file));
}
