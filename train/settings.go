package train

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/pixel"
	"github.com/dsbuild/dsbuild/train/model"
)

// Settings are all that the weights of a run depend on, nothing left open.
type Settings struct {
	Model     model.Options `json:"model"`
	Epochs    int           `json:"epochs"`
	Patience  int           `json:"patience"`
	BatchSize int           `json:"batch_size"`
	Learning
	Variants      bool                `json:"variants"`
	Augment       string              `json:"augment"`
	Normalization pixel.Normalization `json:"normalization"`
	Seed          uint64              `json:"seed"`
	// Split is the fingerprint of the data set's split.
	Split   string          `json:"split"`
	Classes dataset.Classes `json:"classes"`
}

// Input returns what the network takes.
func (s Settings) Input() loader.Input {
	return loader.Input{
		Width: s.Model.XDim, Height: s.Model.YDim, Channels: s.Model.Channels,
		Normalization: &s.Normalization,
	}
}

// A survey is what the choices depend on.
type survey struct {
	images   int
	side     int // median of the shorter sides
	channels int
}

// surveyTrain looks at the training manifest. Where it does not tell sizes the
// images are taken for large and coloured.
func surveyTrain(dir dataset.Dir) (survey, error) {
	const large = 1 << 14
	s := survey{channels: 1}
	var sides []int
	err := dataset.ForEach(dir.Split(dataset.Train), func(sample dataset.Sample) error {
		side := min(sample.Width, sample.Height)
		if side == 0 {
			side = large
		}
		sides = append(sides, side)
		if sample.Channels != 1 {
			s.channels = 3
		}
		return nil
	})
	if err != nil || len(sides) == 0 {
		return s, err // that there are none the loader says
	}
	slices.Sort(sides)
	s.images, s.side = len(sides), sides[len(sides)/2]
	return s, nil
}

// settle fills in what the options leave open.
func (o Options) settle(s survey, info dataset.Info) (Settings, error) {
	settings := Settings{
		Model: o.Model, Epochs: o.Epochs, Patience: o.Patience, BatchSize: o.BatchSize,
		Variants: o.Variants, Augment: o.AugmentText, Seed: o.Seed, Split: info.Fingerprint,
		Classes: info.Classes,
	}
	m := &settings.Model
	if m.Classes != 0 && m.Classes != len(info.Classes) {
		return settings, fmt.Errorf("the model has %d classes, but the data set has %d: "+
			"leave out model.classes", m.Classes, len(info.Classes))
	}
	m.Classes = len(info.Classes)
	m.XDim = cmp.Or(m.XDim, usualSide(s.side))
	m.YDim = cmp.Or(m.YDim, m.XDim)
	m.Channels = cmp.Or(m.Channels, s.channels)
	settings.Model = m.WithDefaults()
	if len(m.HDims) > 0 && m.HNorm == nil {
		isNormed := true
		m.HNorm = &isNormed
	}
	if err := settings.Model.Validate(); err != nil {
		return settings, err
	}
	settings.Normalization = pixel.DefaultNormalization(m.Channels)
	if o.Normalization != nil {
		settings.Normalization = *o.Normalization
	}
	if err := settings.Normalization.Validate(m.Channels); err != nil {
		return settings, fmt.Errorf("the network takes %d channels: %w", m.Channels, err)
	}
	settings.Epochs = cmp.Or(settings.Epochs, usualEpochs(s.images))
	settings.Patience = cmp.Or(settings.Patience, max(5, settings.Epochs/2))
	settings.BatchSize = cmp.Or(settings.BatchSize, usualBatch(s.images))
	settings.Learning = o.Learning.withDefaults(m.Name, settings.Epochs)
	return settings, o.Learning.validateFor(settings.Epochs)
}

// usualSide returns the side of the network's images: a multiple of 4 from 16
// to 64.
func usualSide(side int) int { return min(max(side/4*4, 16), 64) }

// usualEpochs aims at so many images that a run takes minutes, not hours, and at
// enough steps for small sets.
func usualEpochs(images int) int {
	const seen, small = 90000, 1000
	if images < small {
		return 60
	}
	return min(max(seen/images, 6), 30)
}

func usualBatch(images int) int {
	switch {
	case images < 1000:
		return 32
	case images < 10000:
		return 64
	default:
		return 128
	}
}

// fields returns the settings as JSON by name; those of the model have names
// such as model.cdims.
func (s Settings) fields() (map[string]string, error) {
	all, err := objectOf(s)
	if err != nil {
		return nil, err
	}
	parts, err := objectOf(s.Model)
	if err != nil {
		return nil, err
	}
	delete(all, "model")
	text := map[string]string{}
	for name, value := range all {
		text[name] = string(value)
	}
	for name, value := range parts {
		text["model."+strings.ToLower(name)] = string(value)
	}
	return text, nil
}

func objectOf(v any) (fields map[string]json.RawMessage, err error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	err = json.Unmarshal(data, &fields)
	return fields, err
}

// differences lists the settings in which two runs differ, by name.
func differences(a, b Settings) ([]string, error) {
	fa, err := a.fields()
	if err != nil {
		return nil, err
	}
	fb, err := b.fields()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(fa)) {
		switch {
		case fa[name] == fb[name]:
		case name == "split": // of which only a fingerprint is known
			names = append(names, "split (the data set has been split again)")
		default:
			names = append(names, fmt.Sprintf("%s (%s, now %s)", name,
				shorten(fa[name]), shorten(fb[name])))
		}
	}
	return names, nil
}

// shorten cuts a long value for a message, and rounds a fraction.
func shorten(text string) string {
	const most = 60
	if v, err := strconv.ParseFloat(text, 64); err == nil && strings.Contains(text, ".") {
		return strconv.FormatFloat(v, 'g', 6, 64)
	}
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
