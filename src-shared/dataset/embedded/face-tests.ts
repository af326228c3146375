// Tests of the embedded faces, on people nobody was trained on: verification pairs in ten folds as LFW has
// them, and identification among distractors as MegaFace does it.
import { type Seed, deriveSeed, randomFrom } from '../../tensor/random';
import type { FacePair, Identification, SampleSource, VerificationPairs } from '../dataset';
import { FACES_DEVIATION, FACES_MEAN, FACE_SIZE, drawFace } from './faces';

const FOLDS = 10;
/** Pairs of one person, and as many of two, in each fold. */
const PAIRS_PER_FOLD = 100;
const PAIR_PEOPLE = 150;
const PICTURES_PER_PERSON = 4;
const PROBE_PEOPLE = 20;
const PICTURES_PER_PROBE = 3;
const DISTRACTORS = 200;

/** First person of each test; people below are for training. */
const FIRST_PAIR_PERSON = 100_000;
const FIRST_PROBE_PERSON = 200_000;
const FIRST_DISTRACTOR = 300_000;

/** A picture to be drawn, and the label it gets in its test. */
interface Portrait {
  readonly person: number;
  readonly picture: number;
  readonly label: number;
}

/** 2,000 pairs of people who are in no training split, half of them of one person. */
export function faceVerification(name: string, seed: Seed, aligned: boolean): VerificationPairs {
  const portraits = Array.from({ length: PAIR_PEOPLE * PICTURES_PER_PERSON }, (_, i): Portrait => {
    const label = Math.floor(i / PICTURES_PER_PERSON);
    return { person: FIRST_PAIR_PERSON + label, picture: i % PICTURES_PER_PERSON, label };
  });
  return { images: portraitSource(`${name}/verification`, portraits, PAIR_PEOPLE, seed, aligned), pairs: drawPairs(seed) };
}

function drawPairs(seed: Seed): FacePair[] {
  const random = randomFrom(deriveSeed(seed, 'faces/pairs'));
  return Array.from({ length: 2 * FOLDS * PAIRS_PER_FOLD }, (_, i) => {
    const same = i % (2 * PAIRS_PER_FOLD) < PAIRS_PER_FOLD;
    const person = random.integer(PAIR_PEOPLE);
    const other = same ? person : (person + 1 + random.integer(PAIR_PEOPLE - 1)) % PAIR_PEOPLE;
    const picture = random.integer(PICTURES_PER_PERSON);
    const otherPicture = (picture + 1 + random.integer(PICTURES_PER_PERSON - 1)) % PICTURES_PER_PERSON;
    const first = person * PICTURES_PER_PERSON + picture;
    return { first, second: other * PICTURES_PER_PERSON + otherPicture, same, fold: Math.floor(i / (2 * PAIRS_PER_FOLD)) };
  });
}

/** Probes of 20 strangers, 3 pictures each, among 200 others. */
export function faceIdentification(name: string, seed: Seed, aligned: boolean): Identification {
  const probes = Array.from({ length: PROBE_PEOPLE * PICTURES_PER_PROBE }, (_, i): Portrait => {
    const label = Math.floor(i / PICTURES_PER_PROBE);
    return { person: FIRST_PROBE_PERSON + label, picture: i % PICTURES_PER_PROBE, label };
  });
  const others = Array.from(
    { length: DISTRACTORS },
    (_, i): Portrait => ({ person: FIRST_DISTRACTOR + i, picture: 0, label: PROBE_PEOPLE }),
  );
  const images = portraitSource(`${name}/identification`, [...probes, ...others], PROBE_PEOPLE + 1, seed, aligned);
  return { images, probes: probes.map((_, i) => i), distractors: others.map((_, i) => probes.length + i) };
}

function portraitSource(name: string, portraits: readonly Portrait[], classes: number, seed: Seed, aligned: boolean): SampleSource {
  return {
    name,
    task: 'face',
    count: portraits.length,
    classes: Array.from({ length: classes }, (_, i) => `stranger ${i + 1}`),
    mean: FACES_MEAN,
    deviation: FACES_DEVIATION,
    image: { channels: 3, height: FACE_SIZE, width: FACE_SIZE },
    read: (indices) =>
      Promise.resolve(
        Array.from(indices, (index) => {
          const { person, picture, label } = portraits[index];
          return { ...drawFace(seed, person, picture, aligned), label };
        }),
      ),
  };
}
