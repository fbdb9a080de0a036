package dataset

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// The aliases have the fields of their types but none of the methods.
type (
	sampleFields Sample
	sourceFields Source
)

// UnmarshalJSON reads a sample and keeps unknown fields in Extra.
func (s *Sample) UnmarshalJSON(data []byte) error {
	var fields sampleFields
	extra, err := decode(data, &fields)
	if err != nil {
		return err
	}
	*s = Sample(fields)
	s.Extra = extra
	return nil
}

// MarshalJSON writes a sample with its Extra fields last, in order of name.
func (s Sample) MarshalJSON() ([]byte, error) { return encode(sampleFields(s), s.Extra) }

// UnmarshalJSON reads a source and keeps unknown fields in Extra.
func (s *Source) UnmarshalJSON(data []byte) error {
	var fields sourceFields
	extra, err := decode(data, &fields)
	if err != nil {
		return err
	}
	*s = Source(fields)
	s.Extra = extra
	return nil
}

// MarshalJSON writes a source with its Extra fields last, in order of name.
func (s Source) MarshalJSON() ([]byte, error) { return encode(sourceFields(s), s.Extra) }

// decode reads one JSON object into the struct that v points to and returns
// the fields which that struct does not have, or nil.
func decode(data []byte, v any) (map[string]json.RawMessage, error) {
	strict := json.NewDecoder(bytes.NewReader(data))
	strict.DisallowUnknownFields()
	if err := strict.Decode(v); err == nil {
		return nil, nil
	}
	if err := json.Unmarshal(data, v); err != nil {
		return nil, err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, err
	}
	known := fieldNames(reflect.TypeOf(v).Elem())
	// encoding/json matches names in any letter case, and so does this.
	maps.DeleteFunc(all, func(name string, _ json.RawMessage) bool {
		return slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, name) })
	})
	if len(all) == 0 {
		return nil, nil
	}
	return all, nil
}

// encode writes v, a struct, with extra fields appended to its object.
func encode(v any, extra map[string]json.RawMessage) ([]byte, error) {
	object, err := marshal(v)
	if err != nil || len(extra) == 0 {
		return object, err
	}
	out := object[:len(object)-1]
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		if len(out) > 1 {
			out = append(out, ',')
		}
		key, err := marshal(name)
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, key...), ':'), extra[name]...)
	}
	return append(out, '}'), nil
}

// marshal is json.Marshal without the escaping of <, > and &, which would
// make URLs unreadable.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// fieldNames lists the JSON names of a struct's fields.
func fieldNames(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name != "-" && name != "" {
			names = append(names, name)
		}
	}
	return names
}

// explain rewords the errors of encoding/json that would speak of Go types.
func explain(err error) error {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if e.Field == "" {
			return fmt.Errorf("is a JSON %s, not an object", e.Value)
		}
		return fmt.Errorf("field %q is a JSON %s, not %s", e.Field, e.Value, kindName(e.Type))
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || strings.HasPrefix(err.Error(), "unexpected end") {
		return errors.New("the JSON object ends too early")
	}
	return err
}

// kindName names a field's type in JSON's words.
func kindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	case reflect.Struct, reflect.Pointer, reflect.Map:
		return "an object"
	default:
		return "a text"
	}
}
