// Colours of lines, bars and dots in every figure: told apart by normal vision, by all three dichromacies and on a grey
// print (series-colours.test.ts holds the differences), whatever two of them meet.

/** In the order in which a figure takes them. */
export const SERIES = ['#ec9f35', '#1f5a9e', '#3a0f5a', '#3b936e'] as const;

/** FC3 or a network before its merge, or in train form; and after it. */
export const BEFORE = SERIES[0];
export const AFTER = SERIES[1];
