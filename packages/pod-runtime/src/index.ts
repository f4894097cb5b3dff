// pod-runtime: the kubelet. It runs the pods of one node as processes and speaks to the cluster only
// through a KubeClient; the API server reaches it through `dial`.
export { defaultImages } from './images/default-images.ts';
export { type ImageEntry, type ImageMap, parseImageMap, type ResolvedImage } from './images/image-map.ts';
export type { IsolationKind } from './isolation/isolation.ts';
export { type PodRuntime, type PodRuntimeOptions, startPodRuntime } from './runtime.ts';
