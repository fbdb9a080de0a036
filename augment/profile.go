package augment

import "github.com/dsbuild/dsbuild/augment/draft"

// A Profile is the library whose meaning a transform has where libraries
// differ. The draws are the same under all profiles; the empty one is
// Torchvision.
type Profile string

// Torchvision has the meanings of torchvision's v2 transforms. Imaging has those
// of github.com/disintegration/imaging: a factor f of ColorJitter is its
// percentage 100 (f-1), so that brightness is added, contrast is about the
// middle gray and saturation is that of HSL; Grayscale rounds to the nearest;
// GaussianBlur leaves out what lies beyond the edges; AdjustSharpness sharpens
// by the difference to a Gaussian blur. It has no changes of hue: those are
// torchvision's.
const (
	Torchvision Profile = "torchvision"
	Imaging     Profile = "imaging"
)

func (p Profile) check() error { return draft.CheckWord("profile", p, Torchvision, Imaging) }
