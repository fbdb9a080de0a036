// Package apply shows and writes what augmentation makes of a data set's
// training images.
//
// A pipeline and the manifest of the training split flow in; a contact sheet
// or variants of the images with a manifest of their own flow out:
//
//	preview, err := apply.Preview(ctx, "pets", apply.PreviewOptions{Pipeline: pipeline})
//	report, err := apply.Materialize(ctx, "pets", apply.MaterializeOptions{
//		Pipeline: pipeline, Variants: 2,
//	})
//
// Images of other splits are never read. Describe lists what a plan has drawn.
package apply
