// The steps of a merge by name, one of them shown, with the way to the one before and the one after.

interface StepButtonsProps {
  readonly list: readonly { readonly id: string; readonly title: string }[];
  readonly index: number;
  readonly onChange: (index: number) => void;
  /** Before a step's id, and after `next-`. */
  readonly testId: string;
}

export function StepButtons({ list, index, onChange, testId }: StepButtonsProps) {
  return (
    <div className="steps" role="group" aria-label="Steps">
      {list.map(({ id, title }, i) => (
        <button
          key={id}
          type="button"
          className="step-button"
          aria-current={i === index ? 'step' : undefined}
          data-testid={`${testId}-${id}`}
          onClick={() => onChange(i)}
        >
          {`${i + 1}  ${title}`}
        </button>
      ))}
      <button type="button" className="button quiet" disabled={index === 0} onClick={() => onChange(index - 1)}>
        Back
      </button>
      <button
        type="button"
        className="button quiet"
        data-testid={`next-${testId}`}
        disabled={index === list.length - 1}
        onClick={() => onChange(index + 1)}
      >
        Next
      </button>
    </div>
  );
}
