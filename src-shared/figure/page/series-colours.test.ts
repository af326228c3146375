import { expect, test } from 'vitest';
import { differenceSeen, VISIONS } from '../check/colour-vision';
import { LEAST_DIFFERENCE } from '../check/limits';
import { SERIES } from './series-colours';

test.each(VISIONS)('any two colours of series are told apart by %s', (vision) => {
  SERIES.forEach((one, i) =>
    SERIES.slice(0, i).forEach((other) => expect(differenceSeen(one, other, vision)).toBeGreaterThan(LEAST_DIFFERENCE[vision])),
  );
});
