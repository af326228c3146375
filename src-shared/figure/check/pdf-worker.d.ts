// pdf.js's worker: imported for what it leaves on globalThis, so that pdf.js reads in the thread that asks, without a file beside.
declare module 'pdfjs-dist/legacy/build/pdf.worker.mjs';
