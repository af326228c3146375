// What is followed, and the way through it: play, step, scrub. Where less motion is asked for, playing is a step. The sentence below
// is read out as it changes.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Followed } from '@shared/matrix/convolution-scene';
import { countOf, followedAt, indexOfFollowed } from '@shared/merge/convolution/positions';
import type { SceneModel } from '@shared/merge/convolution/scene-model';
import { followedText } from '@shared/merge/convolution/words';
import { CommandButton } from '../../../studio/CommandButton';
import { Segments } from '../../../ui/controls';
import { convolutionCommands } from '../commands';
import { follow, followKind, shown, step } from '../scene';

const KINDS: readonly (readonly [Followed['kind'], string])[] = [
  ['window', 'a row'],
  ['weight', 'diagonals'],
  ['pixel', 'a column'],
  ['cell', 'a cell'],
];

/** What is counted, and how the slider says it. */
const COUNTED: Readonly<Record<Followed['kind'], string>> = { window: 'row', weight: 'weight', pixel: 'column', cell: 'cell' };

const PLAY_MILLISECONDS = 800;

export function Transport({ model }: { readonly model: SceneModel }) {
  const { kind } = model.scene.follow;
  const count = countOf(model, kind);
  const index = indexOfFollowed(model, model.scene.follow);
  usePlay();
  return (
    <section className="transport" aria-label="Way through the matrix">
      <div className="row">
        <b>Follow</b>
        <Segments label="What is followed" value={kind} options={KINDS} onChange={followKind} testId="convolution-follow" />
      </div>
      <div className="transport-line">
        <CommandButton command={convolutionCommands['convolution-previous']}>◂</CommandButton>
        <PlayButton />
        <CommandButton command={convolutionCommands['convolution-next']}>▸</CommandButton>
        <input
          type="range"
          min={0}
          max={count - 1}
          value={index}
          aria-label={`Followed ${COUNTED[kind]}`}
          aria-valuetext={`${COUNTED[kind]} ${index} of ${count}, counted from 0`}
          data-testid="convolution-scrub"
          onChange={({ target }) => follow(followedAt(model, kind, Number(target.value)))}
        />
        <span className="faint">{`${COUNTED[kind]} ${index} of ${count}`}</span>
      </div>
      <p className="followed" role="status" aria-live="polite" data-testid="convolution-says">
        {followedText(model)}
      </p>
    </section>
  );
}

function PlayButton() {
  const playing = useStore(shown, (state) => state.playing);
  return <CommandButton command={convolutionCommands['convolution-play']}>{playing ? 'Pause' : 'Play'}</CommandButton>;
}

/** Goes on by itself while it plays. */
function usePlay(): void {
  const playing = useStore(shown, (state) => state.playing);
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => step(1, { goesOn: true }), PLAY_MILLISECONDS);
    return () => clearInterval(timer);
  }, [playing]);
}
