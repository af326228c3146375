// The chapters' scenes, and what their sentences claim of them.
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CHAPTERS } from '@shared/matrix/convolution-scene';
import { marksOf } from '@shared/merge/convolution/positions';
import { normOf, sceneModel, sizesOf, sumOfKernels } from '@shared/merge/convolution/scene-model';
import { CHAPTER_RECORDS, chapterBeside, chapterScene } from './chapters';

const modelOf = (chapter: (typeof CHAPTERS)[number]) => {
  const scene = chapterScene(chapter);
  return sceneModel(scene, { picture: new Float64Array(scene.C * scene.h * scene.w), fc: null });
};

test('every chapter has a scene of its own, with what it is about in it', () => {
  for (const chapter of CHAPTERS) expect(chapterScene(chapter).chapter).toBe(chapter);
  expect(chapterScene('weight').follow.kind).toBe('weight');
  expect(chapterScene('pixel').follow.kind).toBe('pixel');
  expect(chapterScene('fold').unfolded).toBe(0);
});

test('the chapters follow one another from the first to the last', () => {
  expect(CHAPTERS.map((chapter) => chapterBeside(chapter, 1))).toEqual([...CHAPTERS.slice(1), null]);
  expect(chapterBeside(CHAPTERS[0], -1)).toBeNull();
});

test('with stride 2, of 49 rows 16 stay', () => {
  expect(CHAPTER_RECORDS.stride.says).toContain('of 49 rows 16 stay');
  expect(sizesOf(chapterScene('stride')).rows).toBe(16);
  expect(sizesOf({ ...chapterScene('stride'), stride: 1 }).rows).toBe(49);
});

test('a pixel inside lies under nine stops, at the corner under four', () => {
  const model = modelOf('pixel');
  expect(marksOf(model).outputs).toHaveLength(9);
  expect(marksOf(model, { kind: 'pixel', c: 0, a: 0, b: 0 }).outputs).toHaveLength(4);
});

test('two groups leave half of the blocks empty', () => {
  const { shown, sizes } = modelOf('groups');
  const blockOf = (o: number, c: number) =>
    shown.matrix.filter((value, at) => {
      const [row, column] = [Math.floor(at / sizes.columns), at % sizes.columns];
      return Math.floor(row / 25) === o && Math.floor(column / 25) === c && value !== 0;
    }).length;
  expect([blockOf(0, 1), blockOf(1, 0)]).toEqual([0, 0]);
  expect(blockOf(0, 0) * blockOf(1, 1)).toBeGreaterThan(0);
});

test('the sum of the kernels differs from the 3 x 3 kernel in its middle alone', () => {
  const sum = sumOfKernels(chapterScene('kernels'));
  // 0 + 2 of the 1 x 1 kernel + 1 of the identity.
  expect([sum.K, ...sum.weight]).toEqual([3, 1, 0, -1, 2, 3, -2, 1, 0, -1]);
});

test('the batch norm multiplies by one half and adds one', () => {
  const norm = normOf(chapterScene('batch-norm').kernels[0]);
  expect(norm?.scale[0]).toBeCloseTo(0.5, 12);
  expect(norm?.shift[0]).toBeCloseTo(1, 12);
});

test('every chapter names a page of help that there is', () => {
  for (const { help } of Object.values(CHAPTER_RECORDS))
    expect(existsSync(new URL(`../../../assets/help/ideas/${help}.md`, import.meta.url)), help).toBe(true);
});
