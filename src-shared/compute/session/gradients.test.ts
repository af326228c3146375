import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { caseSpec, NODE_BACKENDS, openForTest } from '../../../tests/engine';
import { readReferenceTensors, referenceCases } from '../../../tests/reference';
import { trainingStep } from '../../../tests/training-step';
import { expectOfficialStep } from '../../../tests/official-step';
import { useBackend } from '../backend/choose';

const trainingCases = referenceCases.filter(({ groups_of_tensors }) => groups_of_tensors.includes('tm'));

describe.each(NODE_BACKENDS)('on the %s backend a training step is the official one in double precision', (backend) => {
  beforeAll(() => openForTest(backend));

  test.each(trainingCases)('$id: output, loss, every gradient, running statistics', async (reference) => {
    useBackend(backend);
    const before = tf.memory().numTensors;
    const tensors = readReferenceTensors(reference.file);
    const found = await trainingStep(caseSpec(reference), tensors);
    expect(tf.memory().numTensors).toBe(before);
    expectOfficialStep(found, tensors, backend === 'cpu' ? 'double sums' : 'float32 sums');
  });
});
