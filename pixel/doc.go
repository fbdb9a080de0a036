// Package pixel holds 8-bit images in memory and the steps that change them.
//
// A decoded Image flows in; an Image of the size that a network wants flows
// out, by way of a Plan: the list of steps with every number that was drawn
// for them. A plan is a value. It is made before any pixel exists, can be
// printed and applied again, and moves boxes and masks by the same numbers as
// the pixels:
//
//	plan := pixel.Plan{Steps: []pixel.Step{
//		&pixel.Crop{X: 10, Y: 20, W: 200, H: 180, Width: 64, Height: 64},
//		&pixel.Flip{},
//		&pixel.Brightness{Factor: 1.2},
//	}}
//	small := plan.Apply(img, nil)
//	boxes := plan.Boxes(sample.Boxes, img.Width, img.Height)
package pixel
