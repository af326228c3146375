// The lines of the diagram: arrows down, forks into branches side by side, and the point where these come together.
import { largestOf } from '@shared/base/extremes';
import type { ReactNode } from 'react';
import type { Flow } from '@shared/figure/diagram/block-flow';

/** Steps and forks of a block, one after the other. */
export function FlowLines({ flow }: { readonly flow: readonly Flow[] }) {
  return (
    <div className="flow">
      {flow.map((part, index) =>
        part.kind === 'step' ? (
          <div key={index} className="box part-step">
            {part.text}
          </div>
        ) : (
          <ForkLines
            key={index}
            join={part.join}
            says={part.says}
            branches={part.branches.map(({ label, flow: inside }) => ({
              label,
              inside: inside.length > 0 && <FlowLines flow={inside} />,
              width: widthOf(inside),
            }))}
          />
        ),
      )}
    </div>
  );
}

interface ForkBranch {
  readonly label: string;
  /** Nothing: what comes in goes on as it is. */
  readonly inside: ReactNode;
  /** How many branches stand side by side within it at most; 1 unless said. */
  readonly width?: number;
}

interface ForkProps {
  readonly branches: readonly ForkBranch[];
  readonly join: string;
  readonly says?: string;
}

function columnOf({ inside, width = 1 }: ForkBranch): string {
  return inside ? `minmax(min-content, ${width}fr)` : '112px';
}

/** Branches side by side in a flow, at its widest place. */
function widthOf(flow: readonly Flow[]): number {
  return largestOf(
    flow.map((part) => (part.kind === 'fork' ? part.branches.reduce((sum, branch) => sum + widthOf(branch.flow), 0) : 1)),
    1,
  );
}

export function ForkLines({ branches, join, says }: ForkProps) {
  return (
    <div className="fork">
      <div className="fork-branches" style={{ gridTemplateColumns: branches.map(columnOf).join(' ') }}>
        {branches.map(({ label, inside }, index) => (
          <div key={index} className={inside ? 'fork-branch' : 'fork-branch through'}>
            {label && <p className="branch-label">{label}</p>}
            {inside && <div className="flow">{inside}</div>}
          </div>
        ))}
      </div>
      <p className="join">
        <span>{join}</span>
        {says && <small>{says}</small>}
      </p>
    </div>
  );
}
