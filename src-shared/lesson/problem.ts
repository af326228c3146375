// What is wrong with a lesson's file, each with the line it stands in.

export interface LessonProblem {
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** `file.md:12: message`. */
export function problemText(file: string, { line, message }: LessonProblem): string {
  return `${file}:${line}: ${message}`;
}
