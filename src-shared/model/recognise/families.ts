// Reads a zoo model's settings off names and shapes, family by family. The guess is always checked by
// building the model and comparing every name and shape, so a wrong guess is harmless.
import type { SettingTexts } from '../zoo';
import { findBlocks } from './blocks';
import type { ShapeBook } from './shapes';

/** A zoo model and settings that might fit. */
export interface Guess {
  readonly model: string;
  readonly settings: SettingTexts;
}

/** Models worth building for these tensors, likeliest first. */
export function guesses(book: ShapeBook): Guess[] {
  if (book.has('conv_embedding.conv.weight')) return repMlpNetGuesses(book);
  if (book.has('stage0.0.conv.weight')) return stagedGuesses(book);
  if (book.has('stem.conv.weight') && book.has('fc2.weight')) return pureMlpGuesses(book);
  if (book.has('stem_depthwise.conv.weight'))
    return [{ model: 'mobilefacenet', settings: faceSettings(book, 16 * book.size('global_depthwise.conv.weight', 2)) }];
  return [];
}

function numbers(values: readonly number[]): string {
  return values.length === 0 ? 'none' : values.join(',');
}

const REPMLPNETS = ['t224', 't256', 'b224', 'b256', 'd256', 'l256', 'small'].map((variant) => `repmlpnet-${variant}`);

function repMlpNetGuesses(book: ShapeBook): Guess[] {
  const stages = book.captures(/^stages\.(\d+)\./);
  const found = findBlocks(book);
  const first = stages.map((stage) => found.find(({ prefix }) => prefix === `stages.${stage}.0.repmlp_block.`)?.block);
  const blocks = first.filter((block) => block?.kind === 'repmlpNetBlock');
  if (blocks.length !== stages.length || blocks.length === 0) return [];
  const settings = {
    size: String(blocks[0].h * book.size('conv_embedding.conv.weight', 2)),
    classes: String(book.size('head.weight', 0)),
    channels: numbers(blocks.map((block) => block.C)),
    blocks: numbers(stages.map((stage) => book.captures(new RegExp(`^stages\\.${stage}\\.(\\d+)\\.`)).length)),
    sharesets: numbers(blocks.map((block) => block.shareSets)),
    kernels: numbers(blocks[0].form === 'train' ? blocks[0].kernels : [1, 3]),
    reduction: String(blocks[0].reduction),
  };
  return REPMLPNETS.map((model) => ({ model, settings }));
}

/** Networks on a ResNet trunk: classification, face, segmentation. */
function stagedGuesses(book: ShapeBook): Guess[] {
  if (book.has('identities.weight')) return faceGuesses(book);
  if (book.has('cls.classes.weight')) return pspGuesses(book);
  const classes = String(book.size('linear.weight', 0));
  const base = String(book.size('stage0.0.conv.weight', 0));
  const replaced = replacedStages(book);
  if (replaced.length === 0) return ['resnet50', 'resnet101'].map((model) => ({ model, settings: { classes, base } }));
  const { block } = replaced[0];
  const light = book.captures(/(light)_repmlp/).length > 0;
  const settings = {
    classes,
    base,
    size: String((block.H * 4 * 2 ** (replaced[0].stage - 1)) | 0),
    stages: replaced.map(({ stage }) => `c${stage + 1}`).join(','),
    g: numbers(replaced.map((entry) => entry.block.groups)),
    kernels: numbers(block.form === 'train' ? block.kernels : [1, 3, 5]),
    h: String(block.h),
    reduction: String(block.reduction),
  };
  if (light) return [{ model: 'repmlp-res50-light-224', settings }];
  const r = numbers(replaced.map(({ stage, block: { C } }) => book.size(`stage${stage}.1.btnk_conv1.conv.weight`, 0) / C));
  return ['repmlp-res50-bottleneck-224', 'repmlp-res50-bottleneck-320', 'repmlp-res-small'].map((model) => ({
    model,
    settings: { ...settings, r },
  }));
}

/** Stages whose second block carries a RepMLP. */
function replacedStages(book: ShapeBook) {
  return findBlocks(book).flatMap(({ prefix, block }) => {
    const stage = /^stage(\d+)\.1\./.exec(prefix)?.[1];
    return stage !== undefined && block.kind === 'repmlp' ? [{ stage: Number(stage), block }] : [];
  });
}

function faceSettings(book: ShapeBook, size: number): SettingTexts {
  return { size: String(size), embedding: String(book.size('embedding.weight', 0)), identities: String(book.size('identities.weight', 0)) };
}

/** Of the stages there are: a small face network has no c5. */
function blocksPerStage(book: ShapeBook): string {
  return numbers([1, 2, 3, 4].map((stage) => book.captures(new RegExp(`^stage${stage}\\.(\\d+)\\.`)).length).filter((count) => count > 0));
}

function faceGuesses(book: ShapeBook): Guess[] {
  const shared = { blocks: blocksPerStage(book), width: String(book.size('stage1.0.conv3.conv.weight', 0)) };
  const replaced = replacedStages(book);
  if (replaced.length === 0)
    return ['facenet', 'facenet-small'].map((model) => ({ model, settings: { ...shared, ...withoutSize(faceSettings(book, 0)) } }));
  const { stage, block } = replaced[0];
  const settings = {
    ...shared,
    g: String(block.groups),
    h: String(block.h),
    r: String(book.size(`stage${stage}.1.btnk_conv1.conv.weight`, 0) / block.C),
    ...(block.form === 'train' ? { kernels: numbers(block.kernels) } : {}),
  };
  // The small one has no pooling in its stem.
  const ofStem = (model: string, reduction: number): Guess => ({
    model,
    settings: { ...settings, ...faceSettings(book, block.H * reduction * 2 ** (stage - 1)) },
  });
  return [ofStem('repmlp-facenet', 4), ofStem('repmlp-facenet-small', 2)];
}

function withoutSize({ size: _size, ...rest }: SettingTexts): SettingTexts {
  return rest;
}

function pspGuesses(book: ShapeBook): Guess[] {
  const shared = {
    base: String(book.size('stage0.0.conv.weight', 0)),
    blocks: blocksPerStage(book),
    classes: String(book.size('cls.classes.weight', 0)),
  };
  const replaced = replacedStages(book);
  if (replaced.length === 0) return ['pspnet50', 'pspnet-small'].map((model) => ({ model, settings: shared }));
  const settings = {
    ...shared,
    g: numbers(replaced.map(({ block }) => block.groups)),
    r: numbers(replaced.map(({ stage, block }) => book.size(`stage${stage}.1.btnk_conv1.conv.weight`, 0) / block.C)),
    h: String(replaced[0].block.h),
    reduction: numbers(replaced.map(({ block }) => block.reduction)),
    ...(replaced[0].block.form === 'train' ? { kernels: numbers(replaced[0].block.kernels) } : {}),
  };
  return ['repmlp-pspnet50', 'repmlp-pspnet-small'].map((model) => ({ model, settings }));
}

function pureMlpGuesses(book: ShapeBook): Guess[] {
  const shared = {
    width: String(book.size('stem.conv.weight', 0)),
    hidden: String(book.size('fc1.weight', 0)),
    classes: String(book.size('fc2.weight', 0)),
    repeats: String(book.captures(/^stage1\.mix(\d+)[._]/).length),
  };
  const found = findBlocks(book).map(({ block }) => block);
  const [block] = found;
  if (block?.kind === 'repmlp') {
    const h = numbers(found.filter((_, i) => i % Number(shared.repeats) === 0).map((first) => first.h));
    return withRepMlp({ ...shared, h }, block, found.length);
  }
  const conv = ['stage1.mix1.conv.weight'].find((name) => book.has(name));
  if (!conv) return [];
  if (book.size(conv, 2) === 3) return pair('wide-convnet', '', shared);
  const g = String(book.size('stem.conv.weight', 0) / book.size(conv, 1));
  return pair('pure-mlp', book.has('stage1.mix1_global.fc1_fc2.fc1.weight') ? '-conv9-for-fc3' : '-conv9', { ...shared, g });
}

function withRepMlp(
  shared: SettingTexts,
  block: { h: number; H: number; groups: number; form: string; kernels: readonly number[] },
  count: number,
): Guess[] {
  const settings = { ...shared, g: String(block.groups) };
  const kernels: SettingTexts = block.form === 'train' ? { kernels: numbers(block.kernels) } : {};
  const size = { size: String(block.H) };
  const noLocal = block.form === 'train' && block.kernels.length === 0;
  if (noLocal) return pair('pure-mlp', '-no-local', { ...settings, ...size });
  if (block.H === block.h && count > 1) return pair('pure-mlp', '-no-global', settings);
  return pair('pure-mlp', '', { ...settings, ...size, ...kernels });
}

function pair(family: string, suffix: string, settings: SettingTexts): Guess[] {
  return ['small', 'cifar'].map((size) => ({ model: `${family}-${size}${suffix}`, settings }));
}
