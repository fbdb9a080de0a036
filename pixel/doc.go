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
//
// A loader need not decode all of an image. It asks the plan which Region it
// needs, and has the plan write what it makes of that Part straight into the
// slot of a batch, with memory that a Scratch keeps from one image to the next:
//
//	region, atLeast := plan.Region(header.Width, header.Height)
//	part := decode(region, atLeast) // at 1/2, 1/4 or 1/8 where that suffices
//	plan.Into(&pixel.Slot{Floats: slot, Channels: 3, Filler: filler}, part, &scratch)
package pixel
