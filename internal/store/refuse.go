package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
)

// Reasons for which bytes that were offered as an image are not stored.
const (
	NotAnImage        = "not_an_image"
	UnsupportedFormat = "unsupported_format"
	TooLarge          = "too_large"
	TooManyPixels     = "too_many_pixels"
)

// Refusal gives the reason for an error of codec.Probe.
func Refusal(err error) dataset.Reason {
	if size, ok := errors.AsType[*codec.SizeError](err); ok {
		pixels := float64(size.Width) * float64(size.Height)
		return Measured(TooManyPixels, pixels, float64(size.MaxPixels))
	}
	if errors.Is(err, codec.ErrUnsupported) {
		return dataset.Reason{Name: UnsupportedFormat, Detail: err.Error()}
	}
	return dataset.Reason{Name: NotAnImage, Detail: err.Error()}
}

// Measured returns the reason of a check that measures.
func Measured(name string, value, threshold float64) dataset.Reason {
	return dataset.Reason{Name: name, Value: &value, Threshold: &threshold}
}

// Refused describes an offer that was not taken, for the manifest of those.
// The offer is what tells it from others of its class: a path or a URL. Its
// hash makes the file_name, of which there is no file.
func Refused(label, offer string, reason dataset.Reason) dataset.Sample {
	sum := sha256.Sum256([]byte(offer))
	return dataset.Sample{
		FileName: "refused/" + label + "/" + hex.EncodeToString(sum[:8]),
		Label:    label,
		Reasons:  []dataset.Reason{reason},
	}
}
