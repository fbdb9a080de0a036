// Package imaging has steps that mean what the functions of the same names in
// github.com/disintegration/imaging v1.6.2 do, for recipes that ask for that
// profile.
//
// An image flows in and is changed as that library would change it, where it
// differs from torchvision, whose meaning the steps of package pixel have:
// brightness is added rather than multiplied, contrast is about the middle gray
// rather than the image's mean, saturation is that of HSL, and a blur leaves
// out what lies beyond the edges rather than mirror it.
//
//	plan := pixel.Plan{Steps: []pixel.Step{
//		&imaging.Brightness{Percentage: 20},
//		&imaging.Blur{Sigma: 1.5},
//	}}
package imaging
