// The composer: the panels of a figure in their grid, dragged to another place or moved by the arrow keys, widened, and taken
// away. The panel that is chosen shows its own fields beside the recipe (PanelFields.tsx).
import { useEffect, useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import { movedPanel, placesOf, stepTo, widenedPanel, withoutPanel, withPanelBefore, type Direction } from '@shared/figure/compose';
import { MOST_PANELS } from '@shared/figure/kinds/composed';
import { kindOf, panelKinds, type ComposedRecipe } from '@shared/figure/registry';
import { Choice } from '../../../ui/controls';
import { Panel } from '../../../studio/Stage';
import { addPanel } from '../figure';
import { panelLetterOf, subjectOf } from './panel-words';

interface Props {
  readonly recipe: ComposedRecipe;
  readonly onChange: (recipe: ComposedRecipe) => void;
  readonly chosen: number | null;
  readonly onChoose: (panel: number | null) => void;
}

const WAYS: Readonly<Record<string, Direction>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };

export function Composer({ recipe, onChange, chosen, onChoose }: Props) {
  const { said, grid, move } = useMoving({ recipe, onChange, onChoose });
  const places = placesOf(recipe);
  const drag = useDragging((from, to) => {
    onChange(withPanelBefore(recipe, from, to));
    onChoose(to > from ? to - 1 : to);
  });
  return (
    <Panel
      title="Panels"
      says="drag one to its place, or move it with the arrow keys"
      tools={<AddPanel recipe={recipe} />}
      testId="composer"
    >
      {recipe.panels.length === 0 && (
        <p className="empty">No panel yet: add one here, or open another figure and choose “Add to composed”.</p>
      )}
      <ol className="composer" ref={grid} style={{ gridTemplateColumns: `repeat(${recipe.columns}, minmax(0, 1fr))` }}>
        {recipe.panels.map((_, i) => (
          <PanelPlace
            // Panels have no name but their place.
            key={i}
            recipe={recipe}
            at={i}
            span={places[i].span}
            isChosen={chosen === i}
            drop={drag.dropAt === i ? 'before' : drag.dropAt === i + 1 && i === recipe.panels.length - 1 ? 'after' : undefined}
            dragging={drag.of(i)}
            onMove={(event) => move(i, event)}
            onChange={onChange}
            onChoose={onChoose}
          />
        ))}
      </ol>
      <p className="faint composer-said" role="status" data-testid="composer-said">
        {said}
      </p>
    </Panel>
  );
}

interface PlaceProps extends Omit<Props, 'chosen'> {
  readonly at: number;
  readonly span: number;
  readonly isChosen: boolean;
  /** Where what is dragged would go beside it. */
  readonly drop: 'before' | 'after' | undefined;
  readonly dragging: ReturnType<ReturnType<typeof useDragging>['of']>;
  readonly onMove: (event: KeyboardEvent) => void;
}

/** A panel in its place: dragged as a whole, moved by its grip. */
function PanelPlace({ recipe, at, span, isChosen, drop, dragging, onMove, onChange, onChoose }: PlaceProps) {
  const panel = recipe.panels[at];
  return (
    <li
      className="composer-panel"
      data-testid={`panel-${at}`}
      data-chosen={isChosen}
      data-drop={drop}
      style={{ gridColumn: `span ${span}` }}
      draggable
      {...dragging}
    >
      <button
        type="button"
        className="composer-grip"
        aria-pressed={isChosen}
        title="Arrow keys move it; a click shows its fields"
        onClick={() => onChoose(isChosen ? null : at)}
        onKeyDown={onMove}
      >
        <strong>{`${panelLetterOf(recipe, at)} ${panel.heading ?? kindOf(panel.recipe).title}`}</strong>
        <span>{subjectOf(panel.recipe)}</span>
      </button>
      <PanelButtons recipe={recipe} at={at} onChange={onChange} onChoose={onChoose} />
    </li>
  );
}

/** Panels moved by the arrow keys: the grip keeps the focus, and where the panel stands now is said. */
function useMoving({ recipe, onChange, onChoose }: Omit<Props, 'chosen'>) {
  const [said, say] = useState('');
  const grid = useRef<HTMLOListElement>(null);
  const focused = useRef<number | null>(null);
  useEffect(() => {
    if (focused.current === null) return;
    grid.current?.querySelectorAll<HTMLElement>('.composer-grip')[focused.current]?.focus();
    focused.current = null;
  });
  const move = (from: number, event: KeyboardEvent): void => {
    const way = WAYS[event.key];
    if (way === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const to = stepTo(recipe, from, way);
    if (to === from) return say('There is no place that way.');
    const moved = movedPanel(recipe, from, way);
    const place = placesOf(moved)[to];
    say(`Now ${panelLetterOf(moved, to)}: row ${place.row + 1}, column ${place.column + 1}.`);
    focused.current = to;
    onChange(moved);
    onChoose(to);
  };
  return { said, grid, move };
}

function PanelButtons({ recipe, at, onChange, onChoose }: Omit<Props, 'chosen'> & { readonly at: number }) {
  const { span = 1 } = recipe.panels[at];
  const name = `panel ${panelLetterOf(recipe, at)}`;
  return (
    <div className="row composer-buttons">
      <button
        type="button"
        className="button quiet"
        aria-label={`Make ${name} narrower`}
        disabled={Math.min(span, recipe.columns) === 1}
        onClick={() => onChange(widenedPanel(recipe, at, -1))}
      >
        Narrower
      </button>
      <button
        type="button"
        className="button quiet"
        aria-label={`Make ${name} wider`}
        disabled={span >= recipe.columns}
        onClick={() => onChange(widenedPanel(recipe, at, 1))}
      >
        Wider
      </button>
      <button
        type="button"
        className="button quiet"
        aria-label={`Take ${name} away`}
        onClick={() => {
          onChoose(null);
          onChange(withoutPanel(recipe, at));
        }}
      >
        Remove
      </button>
    </div>
  );
}

function AddPanel({ recipe }: Pick<Props, 'recipe'>) {
  const isFull = recipe.panels.length >= MOST_PANELS;
  return (
    <Choice
      label="Add a panel"
      hint={isFull ? `${MOST_PANELS} panels are the most` : undefined}
      value=""
      disabled={isFull}
      options={[['', 'choose a figure'], ...panelKinds.map(({ kind, title }) => [kind, title] as const)]}
      testId="add-panel"
      onChange={(kind) => kind !== '' && addPanel(kind)}
    />
  );
}

/** What is dragged and where it would go; `drop` gets the panel and the number of the one it is put before. */
function useDragging(drop: (from: number, to: number) => void) {
  const [from, setFrom] = useState<number | null>(null);
  const [dropAt, setDropAt] = useState<number | null>(null);
  const end = (): void => {
    setFrom(null);
    setDropAt(null);
  };
  /** In the second half of a panel it goes behind it. */
  const target = (i: number, { clientX, currentTarget }: DragEvent): number => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return clientX > left + width / 2 ? i + 1 : i;
  };
  const of = (i: number) => ({
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', String(i));
      setFrom(i);
    },
    onDragOver: (event: DragEvent) => {
      if (from === null) return;
      event.preventDefault();
      setDropAt(target(i, event));
    },
    onDrop: (event: DragEvent) => {
      if (from === null) return;
      event.preventDefault();
      drop(from, target(i, event));
      end();
    },
    onDragEnd: end,
  });
  return { dropAt: from === null ? null : dropAt, of };
}
