// Weight and gradient norms of each layer at the end of the last epoch.
import { useStore } from 'zustand';
import { training } from '../../state/training';
import { measured } from '../../ui/format';
import { Panel } from '../../ui/Stage';
import { layerNorms } from './layer-norms';

export function NormsPanel() {
  const norms = useStore(training, (state) => state.norms);
  if (!norms) return null;
  return (
    <Panel title="Norms" says={`last step of epoch ${norms.epoch}; gradients before clipping`} bare testId="norms">
      <div className="table-frame norms-frame">
        <table>
          <thead>
            <tr>
              <th>Layer</th>
              <th className="number">Weights</th>
              <th className="number">Gradient</th>
              <th className="number">Gradient / weights</th>
            </tr>
          </thead>
          <tbody>
            {layerNorms(norms.parameters).map(({ layer, weight, gradient }) => (
              <tr key={layer}>
                <td className="mono">{layer}</td>
                <td className="number">{measured(weight)}</td>
                <td className="number">{measured(gradient)}</td>
                <td className="number">{weight === 0 ? '–' : measured(gradient / weight)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
