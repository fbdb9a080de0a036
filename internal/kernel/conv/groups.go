package conv

// Join returns the convolution that has the fewest groups which are each made of
// whole groups of g and of no more than so many channels in and out, and how many
// groups of g one of its has: 1 where g stays what it is. With weights that
// Spread writes, most of them zeros, it computes the same.
func (g Geometry) Join(channels int) (joint Geometry, times int) {
	most := channels / max(g.In/g.Groups, g.Out/g.Groups)
	for times = min(max(most, 1), g.Groups); g.Groups%times != 0; {
		times--
	}
	joint = g
	joint.Groups /= times
	return joint, times
}

// Spread writes weights of g as those of a joint convolution.
func (joint Geometry) Spread(g Geometry, to, weights []float32) {
	clear(to[:joint.WeightSize()])
	joint.eachRun(g, func(at, from, n int) { copy(to[at:at+n], weights[from:]) })
}

// Gather writes what a joint convolution has in the places of weights of g.
func (joint Geometry) Gather(g Geometry, weights, from []float32) {
	joint.eachRun(g, func(at, to, n int) { copy(weights[to:to+n], from[at:]) })
}

// eachRun calls run for all n weights that lie side by side in both.
func (joint Geometry) eachRun(g Geometry, run func(at, from, n int)) {
	in, out, jointIn := g.In/g.Groups, g.Out/g.Groups, joint.In/joint.Groups
	times := g.Groups / joint.Groups
	for row := range g.Kernel[0] * g.Kernel[1] * in {
		tap, channel := row/in, row%in
		for group := range g.Groups {
			at := (tap*jointIn + group%times*in + channel) * g.Out
			run(at+group*out, row*g.Out+group*out, out)
		}
	}
}
