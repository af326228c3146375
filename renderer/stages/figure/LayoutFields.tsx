// The fields of a figure's page: where it is printed, size, type, and how lines, panels, axes and key are drawn.
import { isVenueLayout, atVenue } from '@shared/figure/venue-layout';
import { spansOf, VENUE_NAMES, venueOf } from '@shared/figure/venues';
import type { FigureLayout } from '@shared/figure/recipe';
import type { FigureRecipe } from '@shared/figure/registry';
import { Choice, Field, NumberField } from '../../ui/controls';
import { useDraft } from '../../ui/draft';

interface Props {
  readonly layout: FigureLayout;
  readonly onChange: (layout: FigureLayout) => void;
}

/** Kinds whose pictures have axes with limits, and a key of lines. */
const WITH_AXES: readonly FigureRecipe['kind'][] = ['curves', 'run-curves', 'accuracy-cost', 'locality'];
const WITH_KEY: readonly FigureRecipe['kind'][] = ['curves', 'run-curves', 'locality'];

export function LayoutFields({ kind, layout, onChange }: Props & { readonly kind: FigureRecipe['kind'] }) {
  return (
    <>
      <VenueField layout={layout} onChange={onChange} />
      <NumberField
        label="Width"
        hint="mm"
        value={layout.widthMm}
        min={30}
        max={1000}
        step="any"
        testId="figure-width"
        onChange={(widthMm) => onChange({ ...layout, widthMm })}
      />
      <NumberField
        label="Type size"
        hint="pt"
        value={layout.fontPt}
        min={4}
        max={24}
        step="any"
        onChange={(fontPt) => onChange({ ...layout, fontPt })}
      />
      <div className="wide">
        <Field label="Title" hint="left empty: none">
          <input
            type="text"
            value={layout.title ?? ''}
            data-testid="figure-title"
            onChange={(event) => onChange({ ...layout, title: event.target.value || null })}
          />
        </Field>
      </div>
      <Field label="Caption below it" hint="it stands beside it as text, too">
        <input
          type="checkbox"
          checked={layout.caption ?? true}
          data-testid="figure-caption"
          onChange={(event) => onChange({ ...layout, caption: event.target.checked })}
        />
      </Field>
      <MannerFields layout={layout} onChange={onChange} />
      <AxesFields kind={kind} layout={layout} onChange={onChange} />
    </>
  );
}

/** The place of the key and the limits of the axes, of kinds that have them. */
export function AxesFields({ kind, layout, onChange }: Props & { readonly kind: FigureRecipe['kind'] }) {
  return (
    <>
      {WITH_KEY.includes(kind) && (
        <Choice
          label="Key of the lines"
          value={layout.legend ?? 'above'}
          options={[
            ['above', 'above'],
            ['below', 'below'],
            ['none', 'none'],
          ]}
          onChange={(legend) => onChange({ ...layout, legend })}
        />
      )}
      {WITH_AXES.includes(kind) && (
        <>
          <RangeField label="Limits across" value={layout.xRange} onChange={(xRange) => onChange({ ...layout, xRange })} />
          {kind !== 'locality' && (
            <RangeField label="Limits upwards" value={layout.yRange} onChange={(yRange) => onChange({ ...layout, yRange })} />
          )}
        </>
      )}
    </>
  );
}

/** Where it is printed, by width; another width is none of the venue's. */
function VenueField({ layout, onChange }: Props) {
  const options = VENUE_NAMES.flatMap((name) =>
    spansOf(name).map(([span, width]) => {
      const columns = spansOf(name).length === 1 ? '' : span === 'single' ? ', one column' : ', both columns';
      return [`${name} ${span}`, `${venueOf(name).name}${columns} (${width.toFixed(1)} mm)`] as const;
    }),
  );
  const shown = VENUE_NAMES.flatMap((name) => spansOf(name).map(([span]) => ({ name, span }))).find(({ name, span }) =>
    isVenueLayout(layout, name, span),
  );
  return (
    <div className="wide">
      <Choice
        label="Printed in"
        value={shown ? `${shown.name} ${shown.span}` : 'none'}
        options={[['none', 'no venue: a size of your own'], ...options]}
        testId="figure-venue"
        onChange={(chosen) => {
          const found = VENUE_NAMES.flatMap((name) => spansOf(name).map(([span]) => ({ name, span }))).find(
            ({ name, span }) => `${name} ${span}` === chosen,
          );
          onChange(
            found ? atVenue(layout, found.name, found.span) : { ...layout, venue: undefined, heightMm: undefined, leastPt: undefined },
          );
        }}
      />
    </div>
  );
}

function MannerFields({ layout, onChange }: Props) {
  return (
    <>
      <Choice
        label="Typeface"
        value={layout.font ?? 'sans'}
        options={[
          ['sans', 'sans serif'],
          ['serif', 'serif'],
        ]}
        testId="figure-font"
        onChange={(font) => onChange({ ...layout, font })}
      />
      <Choice
        label="Text as"
        value={layout.text ?? 'embedded'}
        options={[
          ['embedded', 'text, with its font inside'],
          ['outlines', 'outlines'],
        ]}
        testId="figure-text"
        onChange={(text) => onChange({ ...layout, text })}
      />
      <Choice
        label="Panel letters"
        value={layout.letters ?? 'none'}
        options={[
          ['none', 'none'],
          ['a', 'a b c'],
          ['(a)', '(a) (b) (c)'],
          ['A', 'A B C'],
        ]}
        onChange={(letters) => onChange({ ...layout, letters })}
      />
      <NumberField
        label="Line widths"
        hint="times the usual"
        value={layout.lines ?? 1}
        min={0.5}
        max={4}
        step="any"
        onChange={(lines) => onChange({ ...layout, lines })}
      />
    </>
  );
}

interface RangeProps {
  readonly label: string;
  readonly value: readonly [number, number] | undefined;
  readonly onChange: (value: [number, number] | undefined) => void;
}

/** Two numbers, `0 to 1`, or nothing. */
function RangeField({ label, value, onChange }: RangeProps) {
  const testId = `figure-${label.toLowerCase().replace(' ', '-')}`;
  const [{ text, problem }, show] = useDraft(testId, label, value === undefined ? '' : value.join(' to '));
  const rangeIn = (typed: string): [number, number] | null => {
    const found = /^\s*([-+.\de]+)\s*(?:to|,|\s)\s*([-+.\de]+)\s*$/i.exec(typed);
    const range: [number, number] | null = found ? [Number(found[1]), Number(found[2])] : null;
    return range !== null && range[0] < range[1] ? range : null;
  };
  const showTyped = (typed: string): void =>
    show(typed, typed.trim() === '' || rangeIn(typed) ? '' : 'this takes two rising numbers, for example "0 to 1", or nothing');
  const take = (typed: string): void => {
    const range = rangeIn(typed);
    if (typed.trim() === '' || range !== null) onChange(range ?? undefined);
  };
  return (
    <Field label={label} hint={problem || 'left empty: as the numbers are'}>
      <input
        type="text"
        value={text}
        aria-invalid={problem !== ''}
        data-testid={testId}
        onChange={({ target }) => showTyped(target.value)}
        onBlur={({ target }) => take(target.value)}
        onKeyDown={({ key, currentTarget }) => key === 'Enter' && take(currentTarget.value)}
      />
    </Field>
  );
}
