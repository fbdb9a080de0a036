package recipe

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxFaults bounds how many faults of one recipe are told.
const maxFaults = 10

// An Error is one fault of a recipe.
type Error struct {
	File string // or "" within DecodeNode
	Line int    // counted from 1; 0 where no line is to blame
	Key  string // full name of the key, such as split.train, or ""
	says string // what follows the key: " is …" or ": …"
	err  error  // what another package said, or nil
}

func (e *Error) Error() string {
	place := e.File
	if e.Line > 0 {
		place = strings.TrimPrefix(fmt.Sprintf("%s:%d", e.File, e.Line), ":")
	}
	text := e.Key + e.says
	switch {
	case e.Key == "" && e.Line == 0: // the file as a whole
		return strings.TrimPrefix(place+text, ": ")
	case e.Key == "":
		text = strings.TrimLeft(text, ": ")
	case place == "":
		return text
	}
	return place + ": " + text
}

func (e *Error) Unwrap() error { return e.err }

// Errorf returns an *Error at a node, for UnmarshalYAML methods. Decode puts
// file and key before it: "dsbuild.yaml:9: augment: …".
func Errorf(node *yaml.Node, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return &Error{Line: node.Line, says: ": " + err.Error(), err: errors.Unwrap(err)}
}

// each calls do for the errors that were joined in err.
func each(err error, do func(error)) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			each(e, do)
		}
		return
	}
	if err != nil {
		do(err)
	}
}

// Under puts a key before those of the faults that err joins, for UnmarshalYAML
// methods. An error that is no *Error, such as that of a Validate method,
// becomes one at the node. A nil err stays nil.
func Under(key string, node *yaml.Node, err error) error {
	var faults []error
	each(err, func(e error) {
		fault := &Error{Line: node.Line, Key: key, says: ": " + e.Error(), err: e}
		if inner, ok := e.(*Error); ok {
			*fault = *inner
			fault.Key = join(key, inner.Key)
			fault.Line = cmp.Or(inner.Line, node.Line)
		}
		faults = append(faults, fault)
	})
	return errors.Join(faults...)
}

// inFile names the file in all faults that err joins.
func inFile(name string, err error) error {
	var named []error
	each(err, func(e error) {
		if fault, ok := e.(*Error); ok {
			inner := *fault
			inner.File = name
			e = &inner
		} else {
			e = fmt.Errorf("%s: %w", name, e)
		}
		named = append(named, e)
	})
	if len(named) == 1 {
		return named[0]
	}
	return errors.Join(named...)
}

// join returns the name of a key within another.
func join(key, inner string) string {
	switch {
	case key == "" || inner == "":
		return key + inner
	case inner[0] == '[':
		return key + inner
	}
	return key + "." + inner
}
