// In place of what a stage shows of merged layers: why there are none, and what is asked where an answer would help.
import type { OpenedCheckpoint } from '@shared/link/studio';
import { FamilyQuestions } from './FamilyQuestions';

interface Props {
  readonly file: OpenedCheckpoint;
  readonly problem: string;
}

export function NoKernels({ file, problem }: Props) {
  return (
    <div className="stack" data-testid="no-merged-layers">
      <p className="says-warning">{problem}</p>
      <FamilyQuestions file={file} />
    </div>
  );
}
