// Package policy holds the augmentation policies that choose operations by
// themselves.
//
// A draft flows in; the steps of a few operations, each at a strength, flow
// out. The policies are transforms like any other:
//
//	pipeline := augment.Pipeline{augment.RandomResizedCrop(64), policy.RandAugment(2, 9)}
//
// Operations, their strengths and how they are chosen are those of
// torchvision's v2 transforms.
package policy
