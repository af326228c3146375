// The arithmetic of what is followed: of an output its products and their sum, with what lies outside; of a pixel what it gives to
// each output; of a weight what it is. Every number is read from the matrix and the picture on screen.
import {
  arithmeticOf,
  cellCounts,
  contributionsOf,
  kernelValue,
  type Arithmetic as Sum,
  type Product,
} from '@shared/merge/convolution/arithmetic';
import { marksOf, shownKernelSize } from '@shared/merge/convolution/positions';
import type { SceneModel } from '@shared/merge/convolution/scene-model';
import { factorText, isExactText, outputText, valueText, weightText } from '@shared/merge/convolution/words';
import type { InputPosition, OutputPosition } from '@shared/matrix/geometry';
import type { Followed } from '@shared/matrix/convolution-scene';

export function Arithmetic({ model }: { readonly model: SceneModel }) {
  const { follow } = model.scene;
  return (
    <section className="arithmetic" aria-label="Arithmetic" data-testid="convolution-arithmetic">
      {(follow.kind === 'window' || follow.kind === 'cell') && <OutputSum model={model} output={follow} />}
      {follow.kind === 'pixel' && <PixelGifts model={model} pixel={follow} />}
      {follow.kind === 'weight' && <WeightCells model={model} weight={follow} />}
    </section>
  );
}

function OutputSum({ model, output }: { readonly model: SceneModel; readonly output: OutputPosition }) {
  const sum = arithmeticOf(model, output);
  const K = shownKernelSize(model);
  const planes = Array.from({ length: sum.window.length / (K * K) }, (_, c) => sum.window.slice(c * K * K, (c + 1) * K * K));
  const outside = sum.window.filter((product) => product.outside).length;
  return (
    <>
      <h3>{`Output ${outputText(model.sizes, output)}, weight × pixel`}</h3>
      <div className="product-planes">
        {planes.map((plane, c) => (
          <ProductPlane key={c} plane={plane} K={K} name={planes.length > 1 ? `channel ${plane[0].at.c}` : null} />
        ))}
      </div>
      <SumLines sum={sum} />
      {isRounded(sum) && <p className="faint">Written with four decimals; the sum is done with all of them.</p>}
      {outside > 0 && (
        <p className="faint">{`${outside} of ${K * K} cells of the window lie outside the picture: zeros, which have no column in the matrix.`}</p>
      )}
    </>
  );
}

/** Whether a number is shown that is not written in full. */
function isRounded({ window, sum, bias, result }: Sum): boolean {
  return ![sum, bias, result, ...window.map(({ product }) => product)].every(isExactText);
}

function ProductPlane({ plane, K, name }: { readonly plane: readonly Product[]; readonly K: number; readonly name: string | null }) {
  return (
    <div>
      {name && <small className="faint">{name}</small>}
      <div className={K > 3 ? 'products many' : 'products'} style={{ gridTemplateColumns: `repeat(${K}, minmax(0, 1fr))` }}>
        {plane.map(({ weight: { u, v }, outside, factor, value, product }) => (
          <span key={`${u} ${v}`} className={outside ? 'product outside' : 'product'} data-testid={`product-${u}-${v}`}>
            <small>{outside ? 'outside' : `${valueText(factor)} × ${factorText(value)}`}</small>
            <b>{K > 3 ? valueText(Number(product.toFixed(2))) : valueText(product)}</b>
          </span>
        ))}
      </div>
    </div>
  );
}

function SumLines({ sum: { window, elsewhere, sum, bias, after, result } }: { readonly sum: Sum }) {
  const own = window.reduce((total, { product }) => total + product, 0);
  return (
    <dl className="sum-lines" data-testid="convolution-sum">
      {elsewhere && <SumLine name="In the window" value={own} />}
      {elsewhere && <SumLine name={`${elsewhere.count} other pixels`} value={elsewhere.sum} />}
      <SumLine name="Sum" value={sum} strong={bias === 0 && after === null} />
      {bias !== 0 && <SumLine name="+ bias" value={bias} />}
      {after && <SumLine name={`× s, s = ${valueText(after.scale)}`} value={after.scale * (sum + bias)} />}
      {after && <SumLine name="+ t" value={after.shift} />}
      {(bias !== 0 || after !== null) && <SumLine name="Output" value={result} strong />}
    </dl>
  );
}

function SumLine({ name, value, strong = false }: { readonly name: string; readonly value: number; readonly strong?: boolean }) {
  return (
    <div className={strong ? 'sum-line strong' : 'sum-line'}>
      <dt>{name}</dt>
      <dd>{valueText(value)}</dd>
    </div>
  );
}

/** Longest list that is written out. */
const MOST_LINES = 12;

function PixelGifts({ model, pixel }: { readonly model: SceneModel; readonly pixel: InputPosition }) {
  const gifts = contributionsOf(model, pixel);
  const { h, w } = model.sizes;
  const value = model.picture[(pixel.c * h + pixel.a) * w + pixel.b];
  return (
    <>
      <h3>{`Pixel ${valueText(value)} goes to ${gifts.length} ${gifts.length === 1 ? 'output' : 'outputs'}`}</h3>
      <dl className="sum-lines">
        {gifts.slice(0, MOST_LINES).map(({ output, factor, product }) => (
          <div key={`${output.o} ${output.i} ${output.j}`} className="sum-line">
            <dt>{`${outputText(model.sizes, output)}: ${valueText(factor)} × ${factorText(value)}`}</dt>
            <dd>{valueText(product)}</dd>
          </div>
        ))}
      </dl>
      {gifts.length > MOST_LINES && <p className="faint">{`and ${gifts.length - MOST_LINES} more`}</p>}
    </>
  );
}

function WeightCells({ model, weight }: { readonly model: SceneModel; readonly weight: Extract<Followed, { kind: 'weight' }> }) {
  const { cells } = marksOf(model, weight);
  const { rows } = model.sizes;
  const counts = cellCounts(model);
  const own = rows / model.sizes.O;
  return (
    <>
      <h3>{`Weight ${weightText(model.sizes, weight)} = ${valueText(kernelValue(model, weight))}`}</h3>
      <dl className="sum-lines">
        <CountLine name="cells of the matrix that hold it" count={cells.length} />
        <CountLine name="windows that lay it outside the picture" count={own - cells.length} />
        <CountLine name="cells that the kernel reaches" count={counts.reached} />
        <CountLine name="cells of the matrix" count={counts.all} />
        <CountLine name="numbers that are learnt" count={counts.weights} />
      </dl>
    </>
  );
}

function CountLine({ name, count }: { readonly name: string; readonly count: number }) {
  return (
    <div className="sum-line">
      <dt>{name}</dt>
      <dd>{count}</dd>
    </div>
  );
}
