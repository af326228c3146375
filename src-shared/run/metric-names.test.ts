import { expect, test } from 'vitest';
import { batchMetricName, curveAxisName, curveMetricName, metricName } from './metric-names';

test('batches of scenes are told by their right pixels, the validation by mean IoU, and a plot of both names both', () => {
  expect([batchMetricName(['segmentation']), metricName(['segmentation'])]).toEqual(['pixels right', 'mIoU']);
  expect(curveMetricName(['segmentation'])).toBe('pixels right (training), mIoU (validation)');
});

test('classes and faces have accuracy in both, and a name is said once', () => {
  expect([curveMetricName(['classification', 'face']), metricName(['face', 'segmentation'])]).toEqual(['accuracy', 'accuracy or mIoU']);
});

test('an axis has the one name there is, or says metric', () => {
  expect([curveAxisName(['face', 'classification']), curveAxisName(['segmentation']), curveAxisName([])]).toEqual([
    'accuracy',
    'metric',
    'metric',
  ]);
});
