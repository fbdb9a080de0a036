package dataset

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Split is the part of a data set that a sample belongs to. The zero value
// means that no split has been drawn yet.
type Split string

// The splits. Only Train may ever be augmented.
const (
	Train Split = "train"
	Val   Split = "val"
	Test  Split = "test"
)

// Splits returns the three splits in the order in which they are shown.
func Splits() []Split { return []Split{Train, Val, Test} }

// ParseSplit returns the split of that name, or an error that lists the names.
func ParseSplit(s string) (Split, error) {
	if sp := Split(s); slices.Contains(Splits(), sp) {
		return sp, nil
	}
	return "", fmt.Errorf("split %q is not one of train, val, test", s)
}

// A Sample is one image of a data set: a line of a manifest.
type Sample struct {
	// FileName is relative to the data set's folder, with forward slashes.
	FileName string `json:"file_name"`
	// Label is the name of the sample's class.
	Label string `json:"label"`
	Split Split  `json:"split,omitempty"`

	SHA256   string `json:"sha256,omitempty"` // of the file's bytes, 64 hex digits
	Width    int    `json:"width,omitempty"`  // in pixels as shown, EXIF orientation applied
	Height   int    `json:"height,omitempty"`
	Channels int    `json:"channels,omitempty"` // 1 gray, 3 colour
	Format   string `json:"format,omitempty"`   // jpeg, png, gif, webp, bmp or tiff
	Bytes    int64  `json:"bytes,omitempty"`

	// Original is the name the file had before it was imported.
	Original string `json:"original,omitempty"`
	// Group names samples that must stay on one side of a split.
	Group string `json:"group,omitempty"`
	// Parent is the FileName of the image that an augmented one was made from.
	Parent string `json:"parent,omitempty"`

	Boxes []Box  `json:"boxes,omitempty"`
	Mask  string `json:"mask,omitempty"` // file of the segmentation mask, relative like FileName

	Source *Source `json:"source,omitempty"`
	// Copies are further places that offered the very same bytes.
	Copies []Origin `json:"copies,omitempty"`
	// Reasons say why a sample was rejected; the most telling one comes first.
	// Only rejects have any.
	Reasons []Reason `json:"reasons,omitempty"`

	// Extra holds the fields dsbuild does not know. They survive a round trip.
	Extra map[string]json.RawMessage `json:"-"`
}

// A Box is a rectangle around an object, in pixels from the top left corner
// of the image as shown.
type Box struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Width  float64 `json:"w"`
	Height float64 `json:"h"`
	Label  string  `json:"label,omitempty"`
}

// A Source tells where on the web a picture came from and under what terms.
type Source struct {
	URL        string `json:"url,omitempty"`
	Page       string `json:"page,omitempty"`   // the page that shows it
	Engine     string `json:"engine,omitempty"` // what found it: gallery, openverse, urls
	License    string `json:"license,omitempty"`
	LicenseURL string `json:"license_url,omitempty"`
	Creator    string `json:"creator,omitempty"`
	Title      string `json:"title,omitempty"`
	// FetchedAt is kept where a manifest has it. dsbuild itself writes the
	// moment to logs/ instead, so that two runs give the same manifest.
	FetchedAt time.Time `json:"fetched_at,omitzero"`

	Extra map[string]json.RawMessage `json:"-"`
}

// An Origin is one of several places that offered the same bytes.
type Origin struct {
	Original string  `json:"original,omitempty"`
	Split    Split   `json:"split,omitempty"`
	Source   *Source `json:"source,omitempty"`
}

// A Reason is one ground for rejecting a sample.
type Reason struct {
	// Name is the check that failed, such as too_small or near_duplicate.
	Name string `json:"reason"`
	// Value was measured and Threshold is the limit that it broke, for checks
	// that measure.
	Value     *float64 `json:"value,omitempty"`
	Threshold *float64 `json:"threshold,omitempty"`
	// Of is the file_name of the sample that this one repeats, for duplicates.
	Of string `json:"of,omitempty"`
	// Detail says in words what no number says.
	Detail string `json:"detail,omitempty"`
	// Temporary is true for failures that a later attempt may not meet.
	Temporary bool `json:"temporary,omitempty"`
}

// String formats the reason for people: "too_small: 20 < 32".
func (r Reason) String() string {
	var b strings.Builder
	b.WriteString(r.Name)
	if r.Value != nil {
		fmt.Fprintf(&b, " %.4g", *r.Value)
	}
	if r.Threshold != nil {
		fmt.Fprintf(&b, " (limit %.4g)", *r.Threshold)
	}
	if r.Of != "" {
		b.WriteString(" of " + r.Of)
	}
	if r.Detail != "" {
		b.WriteString(": " + r.Detail)
	}
	return b.String()
}

// Compare orders samples as manifests do: by label, then by file name.
func Compare(a, b Sample) int {
	return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.FileName, b.FileName))
}

// Sort puts samples in the manifests' order.
func Sort(samples []Sample) { slices.SortFunc(samples, Compare) }
