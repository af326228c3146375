// Files dropped on the window or chosen in a dialog, folders with all that is in them, each with its path.

/** A file with the path it was found under. */
export interface FoundFile {
  readonly path: string;
  readonly file: File;
}

const MOST_FILES = 500;

/** Every file of a drop. Folders have to be asked for before the event ends. */
export async function filesOfDrop(transfer: DataTransfer): Promise<FoundFile[]> {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return Array.from(transfer.files, (file) => ({ path: file.name, file }));
  const found: FoundFile[] = [];
  for (const entry of entries) if (entry) await gather(entry, found);
  return found;
}

async function gather(entry: FileSystemEntry, found: FoundFile[]): Promise<void> {
  if (found.length >= MOST_FILES) return;
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    found.push({ path: entry.fullPath.replace(/^\//, ''), file });
  } else if (isFolder(entry)) {
    const reader = entry.createReader();
    for (;;) {
      const inside = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (inside.length === 0) return;
      for (const one of inside) await gather(one, found);
    }
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** Asks for files, or for a folder; none where the user cancels. */
export function chooseFiles(what: 'files' | 'folder'): Promise<FoundFile[]> {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  if (what === 'folder') input.webkitdirectory = true;
  else input.accept = '.md,.json,.svg,.png,.jpg,.jpeg,.gif,.webp';
  return new Promise((resolve) => {
    input.addEventListener('change', () =>
      resolve(Array.from(input.files ?? [], (file) => ({ path: file.webkitRelativePath || file.name, file }))),
    );
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}
