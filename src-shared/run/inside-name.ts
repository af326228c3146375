// Which texts may name a file inside a folder, the same on every system: a run made on one is read on another.

/** Names that Windows keeps for devices, whatever their ending. */
const DEVICES = /^(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])(\.|$)/i;

/** Why `name` cannot name a file inside a folder (segments joined by `/`), as the end of a sentence; null if it can. */
export function insideNameProblem(name: string): string | null {
  if (name === '') return 'it is empty';
  // A colon makes a drive or a stream of it on Windows, a backslash a folder.
  const odd = [...name].find((character) => character < ' ' || '\u007f\\:*?"<>|'.includes(character));
  if (odd !== undefined) return `it has the character ${JSON.stringify(odd)}; folders are separated by /`;
  if (name.startsWith('/')) return 'it is an absolute path';
  for (const segment of name.split('/')) {
    if (segment === '' || segment === '.') return 'it has an empty folder name';
    if (segment === '..') return 'it leads out of the folder';
    if (/[. ]$/.test(segment)) return 'a part of it ends with a dot or a space';
    if (DEVICES.test(segment)) return `${segment} is the name of a device on Windows`;
  }
  return null;
}
