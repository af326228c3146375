// "Save figure" of any stage: opens what is shown in the export stage, where it is seen as it will be printed, and saved.
import { askForFigure, type AskedFigure } from './asked-figure';
import { stageName } from './navigation';

interface Props {
  readonly testId: string;
  /** What is shown, in words that follow "Open". */
  readonly what: string;
  /** What more can be done there, in a sentence without its full stop. */
  readonly more?: string;
  /** The figure of what is shown when the button is pressed. */
  readonly asked: () => AskedFigure;
  readonly quiet?: boolean;
  readonly disabled?: boolean;
}

export function SaveFigureButton({ testId, what, more = 'save it as SVG, PNG or PDF', asked, quiet = false, disabled }: Props) {
  return (
    <button
      type="button"
      className={quiet ? 'button quiet' : 'button'}
      data-testid={testId}
      disabled={disabled}
      title={`Open ${what} as a figure in ${stageName('figure')} and ${more}`}
      onClick={() => askForFigure(asked())}
    >
      Save figure
    </button>
  );
}
