// The networks that RepMLP is held against: those of both papers that are no RepMLP.

/** Names of zoo entries. */
export const OTHER_NETWORKS: readonly string[] = ['resnet50', 'resnet101', 'wide-convnet-cifar', 'mobilefacenet', 'pspnet50'];
