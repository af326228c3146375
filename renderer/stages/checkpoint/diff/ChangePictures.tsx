// Where in the image the weights that moved look, all on one scale.
import { largestOf } from '@shared/base/extremes';
import type { ChangeMap, DiffReport } from '@shared/proof/diff/report';
import { HeatMap } from '../../../ui/HeatMap';
import { measured } from '../../../ui/format';

const OF = { input: 'where it reads', output: 'where it writes', displacement: 'displacement' } as const;

export function ChangePictures({ looks }: Pick<DiffReport, 'looks'>) {
  if (looks.length === 0) return null;
  const most = largestOf(
    looks.flatMap(({ maps }) => maps.flatMap(({ values }) => values)),
    0,
  );
  return (
    <section className="stack" aria-label="Where the weights that moved look" data-testid="diff-looks">
      <p className="faint">{`Root mean square of the change at each place; every picture runs from 0 to ${measured(most)}.`}</p>
      {looks.map(({ name, maps }) => (
        <div key={name} className="stack">
          <h3 className="mono">{name}</h3>
          <div className="row">
            {maps.map((map) => (
              <OneMap key={map.of} name={name} map={map} most={most} />
            ))}
          </div>
        </div>
      ))}
    </section>
  );
}

function OneMap({
  name,
  map: { of, rows, columns, values },
  most,
}: {
  readonly name: string;
  readonly map: ChangeMap;
  readonly most: number;
}) {
  return (
    <HeatMap
      picture={{ rows, columns, data: Float32Array.from(values) }}
      range={[0, most]}
      scale="viridis"
      label={`${name}, ${OF[of]}`}
      size={140}
    >
      {OF[of]}
    </HeatMap>
  );
}
