// Hands a file to the user: the browser's download, or the desktop's save dialog behind it.

/** Saves what the service offers under a URL, without reading it into the window. */
export function downloadFrom(url: string, fileName: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
}

/** Saves a blob under a name. */
export function download(fileName: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  downloadFrom(url, fileName);
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
