// Package draft is what transforms draw with: a plan in the making.
//
// A generator and the size of an image flow in; the steps of a pixel.Plan flow
// out, one transform after the other, each told the size that the image has
// when its turn comes. A transform is a value with a method Draw:
//
//	func (f Flip) Draw(d *draft.Draft) {
//		if d.Chance(f.P) {
//			draft.Add(d, pixel.Flip{})
//		}
//	}
//
// Drafts and plans are used again and again: once they have grown, drawing
// takes no memory.
package draft
