//go:build !amd64

package pool

func (l *line) max() { l.maxGeneric() }

func (l *line) mean() { l.meanGeneric() }

func (l *line) maxGradient() { l.maxGradientGeneric() }

func (l *line) meanGradient() { l.meanGradientGeneric() }
