// Package transcode writes JPEG files anew so that a part of the image can be
// read without the rest.
//
// The bytes of a JPEG file flow in; the bytes of another one with the very same
// coefficients, and so the same pixels, flow out. It is a plain JPEG file that
// any reader opens. Restart markers stand every few MCUs, and an APP9 segment
// before each scan tells where in the scan they are, so that a decoder which
// knows of it starts at the MCUs that it needs. Optimal Huffman tables pay for
// the markers.
//
//	var t transcode.Transcoder
//	out, err := t.Transcode(nil, data, transcode.Options{})
//	if errors.Is(err, jpeg.ErrUnsupported) {
//		out = data // of a kind that is left as it is
//	}
//
// There are two forms. Marked is a baseline file of one scan. Banded is a
// progressive file without successive approximation: the DC coefficients of all
// components, then the AC coefficients of one component after the other, luma
// last. An image at an eighth of its size is made of the first scans alone,
// which are a small part of the file; libjpeg's transforms to a half and a
// quarter take nearly all coefficients, so the AC coefficients are not parted
// further. A decoder has to keep the coefficients of all scans, which takes
// internal/codec/jpeg longer than to read the rest: random crops of photos of 12
// megapixels, scaled to 224 pixels, take it 5.5 ms in the form Marked, 8.9 ms in
// the form Banded and 8.9 ms as cameras write them.
//
// The time of a small image goes to tables as well: a decoder makes Huffman
// tables ready in about a third of the time that a crop of 400x533 pixels takes.
// So small files may share Tables, which a decoder keeps from file to file.
//
// Segments of application data and comments (JFIF, EXIF, ICC profile, Adobe) are
// kept in order. What follows the end of the image is not kept.
//
// The restart index is one or more APP9 segments before an SOS marker:
//
//	"RSTIDX\x00\x01"  8 bytes
//	part              1 byte: 0, and 1, 2, … in the segments that go on
//	count             2 bytes, big endian
//	lengths           count times 2 bytes, big endian
//
// The lengths, of all parts in order, are those of the scan's restart intervals
// in bytes of entropy-coded data, without the RSTm marker behind each. Names of
// tables and sections in this package are those of ITU-T T.81.
package transcode
