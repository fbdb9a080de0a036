package dataset

// A vocabulary holds words that many samples have in common, so that each is
// held in memory once.
type vocabulary map[string]string

// share replaces such words of a sample by those held.
func (v vocabulary) share(s *Sample) {
	v.replace(&s.Label)
	v.replace((*string)(&s.Split))
	v.replace(&s.Format)
	if from := s.Source; from != nil {
		v.replace(&from.Engine)
		v.replace(&from.License)
		v.replace(&from.LicenseURL)
		v.replace(&from.Creator)
	}
}

func (v vocabulary) replace(word *string) {
	if held, ok := v[*word]; ok {
		*word = held
		return
	}
	v[*word] = *word
}
