// The merge recipes that come with the program: the only list of them. Each is a file of its own in assets/recipes/merge.
import acnet from '../../../assets/recipes/merge/acnet.json';
import bnLinear from '../../../assets/recipes/merge/bn-linear.json';
import convBn from '../../../assets/recipes/merge/conv-bn.json';
import convThenBn from '../../../assets/recipes/merge/conv-then-bn.json';
import dbb from '../../../assets/recipes/merge/dbb.json';
import fastvitPosition from '../../../assets/recipes/merge/fastvit-position.json';
import fastvitPositionTimm from '../../../assets/recipes/merge/fastvit-position-timm.json';
import largeKernelTimm from '../../../assets/recipes/merge/large-kernel-timm.json';
import loraConvFile from '../../../assets/recipes/merge/lora-conv-file.json';
import loraConvWrapped from '../../../assets/recipes/merge/lora-conv-wrapped.json';
import loraConvWrappedOld from '../../../assets/recipes/merge/lora-conv-wrapped-old.json';
import loraEmbeddingFile from '../../../assets/recipes/merge/lora-embedding-file.json';
import loraEmbeddingWrapped from '../../../assets/recipes/merge/lora-embedding-wrapped.json';
import loraEmbeddingWrappedOld from '../../../assets/recipes/merge/lora-embedding-wrapped-old.json';
import loraLinearFile from '../../../assets/recipes/merge/lora-linear-file.json';
import loraLinearWrapped from '../../../assets/recipes/merge/lora-linear-wrapped.json';
import loraLinearWrappedOld from '../../../assets/recipes/merge/lora-linear-wrapped-old.json';
import mobileone from '../../../assets/recipes/merge/mobileone.json';
import mobileoneTimm from '../../../assets/recipes/merge/mobileone-timm.json';
import noMergeRtdetrCsp from '../../../assets/recipes/merge/no-merge-rtdetr-csp.json';
import noMergeSelectiveKernel from '../../../assets/recipes/merge/no-merge-selective-kernel.json';
import noMergeUltralyticsBottleneck from '../../../assets/recipes/merge/no-merge-ultralytics-bottleneck.json';
import orepa from '../../../assets/recipes/merge/orepa.json';
import orepaOnebyone from '../../../assets/recipes/merge/orepa-1x1.json';
import orepaRepvgg from '../../../assets/recipes/merge/orepa-repvgg.json';
import pointThenKernel from '../../../assets/recipes/merge/point-then-kernel.json';
import refconv from '../../../assets/recipes/merge/refconv.json';
import repadapterAttention from '../../../assets/recipes/merge/repadapter-attention.json';
import repadapterMlp from '../../../assets/recipes/merge/repadapter-mlp.json';
import repavit from '../../../assets/recipes/merge/repavit.json';
import replknet from '../../../assets/recipes/merge/replknet.json';
import repmixer from '../../../assets/recipes/merge/repmixer.json';
import repmixerTimm from '../../../assets/recipes/merge/repmixer-timm.json';
import repnextHead from '../../../assets/recipes/merge/repnext-head.json';
import repnextHeadSingle from '../../../assets/recipes/merge/repnext-head-single.json';
import repnextM from '../../../assets/recipes/merge/repnext-m.json';
import repnextS from '../../../assets/recipes/merge/repnext-s.json';
import repnextSProduct from '../../../assets/recipes/merge/repnext-s-product.json';
import repvgg from '../../../assets/recipes/merge/repvgg.json';
import repvggMmpretrain from '../../../assets/recipes/merge/repvgg-mmpretrain.json';
import repvggTimm from '../../../assets/recipes/merge/repvgg-timm.json';
import repvggYolov6 from '../../../assets/recipes/merge/repvgg-yolov6.json';
import repvggYolov7 from '../../../assets/recipes/merge/repvgg-yolov7.json';
import repvitClassifier from '../../../assets/recipes/merge/repvit-classifier.json';
import repvitClassifierSingle from '../../../assets/recipes/merge/repvit-classifier-single.json';
import repvitDw from '../../../assets/recipes/merge/repvit-dw.json';
import repvitDwLegacy from '../../../assets/recipes/merge/repvit-dw-legacy.json';
import repvitResidual from '../../../assets/recipes/merge/repvit-residual.json';
import repvitResidualConv from '../../../assets/recipes/merge/repvit-residual-conv.json';
import rtdetrRepvgg from '../../../assets/recipes/merge/rtdetr-repvgg.json';
import rtdetrv2Csp from '../../../assets/recipes/merge/rtdetrv2-csp.json';
import twoBranch from '../../../assets/recipes/merge/two-branch.json';
import unireplknet from '../../../assets/recipes/merge/unireplknet.json';
import unireplknetBlock from '../../../assets/recipes/merge/unireplknet-block.json';
import unireplknetBlockSmall from '../../../assets/recipes/merge/unireplknet-block-small.json';
import unitConv from '../../../assets/recipes/merge/unit-conv.json';
import unitLinear from '../../../assets/recipes/merge/unit-linear.json';
import yolov9Repconvn from '../../../assets/recipes/merge/yolov9-repconvn.json';
import { parseRecipe } from './check-recipe';
import type { Recipe } from './schema';

const FILES: readonly unknown[] = [
  acnet,
  bnLinear,
  convBn,
  convThenBn,
  dbb,
  fastvitPosition,
  fastvitPositionTimm,
  largeKernelTimm,
  loraConvFile,
  loraConvWrapped,
  loraConvWrappedOld,
  loraEmbeddingFile,
  loraEmbeddingWrapped,
  loraEmbeddingWrappedOld,
  loraLinearFile,
  loraLinearWrapped,
  loraLinearWrappedOld,
  mobileone,
  mobileoneTimm,
  noMergeRtdetrCsp,
  noMergeSelectiveKernel,
  noMergeUltralyticsBottleneck,
  orepa,
  orepaOnebyone,
  orepaRepvgg,
  pointThenKernel,
  refconv,
  repadapterAttention,
  repadapterMlp,
  repavit,
  replknet,
  repmixer,
  repmixerTimm,
  repnextHead,
  repnextHeadSingle,
  repnextM,
  repnextS,
  repnextSProduct,
  repvgg,
  repvggMmpretrain,
  repvggTimm,
  repvggYolov6,
  repvggYolov7,
  repvitClassifier,
  repvitClassifierSingle,
  repvitDw,
  repvitDwLegacy,
  repvitResidual,
  repvitResidualConv,
  rtdetrRepvgg,
  rtdetrv2Csp,
  twoBranch,
  unireplknet,
  unireplknetBlock,
  unireplknetBlockSmall,
  unitConv,
  unitLinear,
  yolov9Repconvn,
];

let recipes: readonly Recipe[] | undefined;

/** All shipped recipes, checked when first asked for. */
export function shippedRecipes(): readonly Recipe[] {
  return (recipes ??= FILES.map((json) => parseRecipe(json, 'a shipped recipe')));
}

/** The shipped recipe of this name; undefined where there is none. */
export function shippedRecipe(name: string): Recipe | undefined {
  return shippedRecipes().find((recipe) => recipe.name === name);
}
