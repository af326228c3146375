// A figure's layout for a venue: its width, the most height, type between its limits, its face and its way to letter panels.
import { UserError } from '../base/user-error';
import { TITLE_SIZE } from './page/layout';
import type { FigureLayout } from './recipe';
import { spansOf, venueOf, type VenueName, type VenueSpan } from './venues';

/** The layout with what the venue asks for; the rest stays. Throws UserError for a span the venue has not. */
export function atVenue(layout: FigureLayout, name: VenueName, span: VenueSpan = 'single'): FigureLayout {
  const venue = venueOf(name);
  const found = spansOf(name).find(([one]) => one === span);
  if (found === undefined)
    throw new UserError(`${venue.name} has one column alone, ${venue.widthMm.single} mm wide; there is no ${span} one`);
  const { least, most } = venue.typePt;
  return {
    ...layout,
    venue: name,
    widthMm: found[1],
    heightMm: venue.heightMm,
    // The title is set larger than the rest, and must not be too large either.
    fontPt: Math.min(Math.max(layout.fontPt, least), most / TITLE_SIZE),
    leastPt: least,
    font: venue.font,
    letters: venue.letters,
  };
}

/** Whether a layout is a venue's, of that span. */
export function isVenueLayout({ venue, widthMm }: FigureLayout, name: VenueName, span: VenueSpan): boolean {
  return venue === name && spansOf(name).some(([one, width]) => one === span && Math.abs(width - widthMm) < 0.05);
}
