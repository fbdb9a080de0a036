// Package recipe reads dsbuild.yaml strictly into a struct of the caller.
//
// YAML flows in, a filled struct or a list of faults flows out, each with file,
// line and the full name of its key:
//
//	var r struct {
//		Seed  uint64        `yaml:"seed"`
//		Split split.Options `yaml:"split"`
//	}
//	err := recipe.Read("dsbuild.yaml", &r)
//	// dsbuild.yaml:7: split.tran is not a known key (did you mean "train"?)
//	// dsbuild.yaml:8: split.val is "lots", not a number
//
// Fields are named as in gopkg.in/yaml: by the tag `yaml:"name"` or else by the
// lower-case name of the field; the tag "-" leaves a field out, and ",inline"
// takes in the fields of a struct. What the file does not say stays as it was,
// and so does what a key without a value would set. Unlike that package, this
// one refuses unknown and repeated keys, fractions where a whole number is due,
// and durations without a unit.
//
// A type with a method UnmarshalYAML(*yaml.Node) error reads itself. To be as
// strict, and to name lines, it calls DecodeNode, Errorf and Under. A field of
// type yaml.Node takes any value as it stands.
package recipe

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxBytes bounds a recipe: far above any that people write.
const maxBytes = 1 << 20

// Read reads the recipe at path into the struct that into points to. A file
// that is not there is an error with fs.ErrNotExist. See Decode.
func Read(path string, into any) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err != nil {
		return err
	}
	return Decode(path, data, into)
}

// Decode reads a recipe into the struct that into points to; name stands for
// its file in errors. All faults are found, up to a number, and joined: each is
// an *Error. Where there are any, into may be filled in part.
func Decode(name string, data []byte, into any) error {
	if len(data) > maxBytes {
		return &Error{File: name, says: fmt.Sprintf(" is larger than %d MiB", maxBytes>>20)}
	}
	root, err := parse(data)
	if err == nil && root != nil {
		if err = checkSize(root); err == nil {
			err = DecodeNode(root, into)
		}
	}
	return inFile(name, err)
}

// parse returns the root of a document, nil where it is empty.
func parse(data []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var document, second yaml.Node
	if err := dec.Decode(&document); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, reword(err, data)
	}
	switch err := dec.Decode(&second); {
	case err == nil:
		return nil, Errorf(&second, "a second document starts here: keep one")
	case !errors.Is(err, io.EOF):
		return nil, reword(err, data)
	}
	return document.Content[0], nil
}

var syntaxError = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// reword turns an error of the YAML parser into one with a line.
func reword(err error, data []byte) error {
	match := syntaxError.FindStringSubmatch(err.Error())
	if match == nil {
		return err
	}
	line, _ := strconv.Atoi(match[1]) // none is 0
	text := match[2]
	if lines := strings.Split(string(data), "\n"); line > 0 && line <= len(lines) &&
		strings.HasPrefix(strings.TrimLeft(lines[line-1], " "), "\t") {
		text += " (indent with spaces, not tabs)"
	}
	return &Error{Line: line, says: ": " + text}
}

// DecodeNode is Decode on a part of a recipe, for UnmarshalYAML methods. Its
// errors name lines and the keys below the part; Decode adds the rest. The
// part must be one that Decode handed out: its size has been checked.
func DecodeNode(node *yaml.Node, into any) error {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return fmt.Errorf("a recipe cannot be read into %T, which is not a pointer", into)
	}
	d := &decoder{}
	d.value("", node, v.Elem())
	return errors.Join(d.faults...)
}
