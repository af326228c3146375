// The patterns stage: where each layer looks.
import { Stage } from '../../ui/Stage';

export function PatternsView() {
  return (
    <Stage name="patterns">
      <p className="empty">Positional analysis is not part of this build.</p>
    </Stage>
  );
}
