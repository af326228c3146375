// The operations of this room, each of one folder: the only list of them.
import type { Operation } from './operation';
import { batchNorm } from './batch-norm/batch-norm';
import { convolution } from './convolution/convolution';
import { elementwise } from './elementwise/elementwise';
import { matMul } from './matmul/matmul';
import { optimizer } from './optimizer/optimizer';
import { permutation } from './permutation/permutation';
import { pooling } from './pooling/pooling';
import { slicing } from './slice/slice';

export const OPERATIONS: readonly Operation[] = [batchNorm, convolution, elementwise, matMul, optimizer, permutation, pooling, slicing];
