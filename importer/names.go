package importer

import (
	"path"
	"strings"
)

// maxPathBytes bounds a name within an archive, which the manifest keeps.
const maxPathBytes = 4096

// notPictures are endings of files that come along with pictures.
var notPictures = wordSet(`
	txt md rst csv tsv json jsonl xml yaml yml toml ini cfg conf html htm css js py ipynb sh
	bat log lst names pdf doc docx xls xlsx ppt pptx rtf tex bib zip tar gz tgz bz2 xz 7z rar
	npy npz mat pkl pickle h5 hdf5 parquet arrow db sqlite tfrecord pt pth onnx safetensors
	mp4 mov avi mkv webm mp3 wav flac ogg bak tmp swp sha256 md5 license`)

// notPictureNames are files without such an ending, in lower case.
var notPictureNames = wordSet(`
	thumbs.db desktop.ini readme licence copying authors notice makefile`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// isOffered tells whether an entry is offered as a picture. Unsafe paths are,
// so that they are told of.
func isOffered(e entry) bool {
	_, fault := cleanPath(e.path)
	return fault != "" || !isSkipped(e.path)
}

// isSkipped tells files that are no pictures by their names: hidden ones, what
// systems leave behind, and notes and tables beside the pictures.
func isSkipped(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if part == "__MACOSX" || (strings.HasPrefix(part, ".") && part != "." && part != "..") {
			return true
		}
	}
	base := strings.ToLower(path.Base(name))
	extension := strings.TrimPrefix(path.Ext(base), ".")
	return notPictureNames[base] || strings.HasSuffix(base, "license") || notPictures[extension]
}

// cleanPath returns a name of an archive as a slash-separated path below its
// root, or says what is unsafe about it. Bytes that are no UTF-8 are replaced.
func cleanPath(name string) (clean, fault string) {
	switch {
	case len(name) > maxPathBytes:
		return "", "its path is longer than 4096 bytes"
	case strings.ContainsRune(name, 0):
		return "", "its path has a zero byte"
	case strings.Contains(name, `\`):
		return "", "its path has a backslash"
	case strings.HasPrefix(name, "/"):
		return "", "its path is absolute"
	case len(name) >= 2 && name[1] == ':' && isLetter(name[0]):
		return "", "its path names a drive"
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return "", "its path leads out of the archive"
		}
	}
	return strings.ToValidUTF8(path.Clean(name), "\uFFFD"), ""
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
