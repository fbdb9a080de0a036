package recipe

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/dsbuild/dsbuild/internal/suggest"
)

// maxListed bounds how many keys an error lists.
const maxListed = 20

// A decoder fills values and gathers the faults it meets.
type decoder struct {
	faults []error
}

// fault notes what is wrong at a node.
func (d *decoder) fault(key string, node *yaml.Node, format string, args ...any) {
	d.add(&Error{Line: node.Line, Key: key, says: fmt.Sprintf(format, args...)})
}

func (d *decoder) add(fault error) {
	if len(d.faults) < maxFaults {
		d.faults = append(d.faults, fault)
	}
}

var (
	nodeType     = reflect.TypeFor[yaml.Node]()
	durationType = reflect.TypeFor[time.Duration]()
)

// value fills v, which can be set, from a node.
func (d *decoder) value(key string, node *yaml.Node, v reflect.Value) {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if v.Type() == nodeType {
		v.Set(reflect.ValueOf(*node))
		return
	}
	if d.readsItself(key, node, v) {
		return
	}
	isScalar := true
	switch v.Kind() {
	case reflect.Pointer:
		d.pointer(key, node, v)
		return
	case reflect.Struct, reflect.Map, reflect.Slice, reflect.Array:
		isScalar = false
	}
	switch {
	case isNull(node) && isScalar:
		d.fault(key, node, " has no value")
	case isNull(node): // such as a section whose keys are all commented out
	case v.Kind() == reflect.Struct:
		d.structure(key, node, v)
	case v.Kind() == reflect.Map:
		d.mapping(key, node, v)
	case v.Kind() == reflect.Slice, v.Kind() == reflect.Array:
		d.list(key, node, v)
	case v.Type() == durationType:
		d.duration(key, node, v)
	default:
		d.scalar(key, node, v)
	}
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// readsItself lets v read the node if its type has a method for it.
func (d *decoder) readsItself(key string, node *yaml.Node, v reflect.Value) bool {
	var err error
	switch self := v.Addr().Interface().(type) {
	case yaml.Unmarshaler:
		err = self.UnmarshalYAML(node)
	case encoding.TextUnmarshaler:
		if node.Kind != yaml.ScalarNode || isNull(node) {
			d.fault(key, node, " is %s, not a text", describe(node))
			return true
		}
		err = self.UnmarshalText([]byte(node.Value))
	default:
		return false
	}
	each(Under(key, node, err), d.add)
	return true
}

func (d *decoder) pointer(key string, node *yaml.Node, v reflect.Value) {
	if isNull(node) {
		return
	}
	if v.IsNil() {
		v.Set(reflect.New(v.Type().Elem()))
	}
	d.value(key, node, v.Elem())
}

func (d *decoder) structure(key string, node *yaml.Node, v reflect.Value) {
	fields, keys := fieldsOf(v)
	for _, p := range d.pairs(key, node) {
		field, ok := fields[p.key.Value]
		if !ok {
			d.fault(join(key, p.key.Value), p.key, " is not a known key%s", hint(p.key.Value, keys))
			continue
		}
		d.value(join(key, p.key.Value), p.value, field)
	}
}

// hint names the nearest key, or all where none is near.
func hint(key string, known []string) string {
	near := suggest.Hint(key, known)
	if near == "" && len(known) > 0 && len(known) <= maxListed {
		return " (known: " + strings.Join(known, ", ") + ")"
	}
	return near
}

func (d *decoder) mapping(key string, node *yaml.Node, v reflect.Value) {
	t := v.Type()
	if t.Key().Kind() != reflect.String {
		d.fault(key, node, " is read into %s, which recipes cannot fill", t)
		return
	}
	pairs := d.pairs(key, node)
	if v.IsNil() && pairs != nil {
		v.Set(reflect.MakeMapWithSize(t, len(pairs)))
	}
	for _, p := range pairs {
		entry := reflect.New(t.Elem()).Elem()
		d.value(join(key, p.key.Value), p.value, entry)
		v.SetMapIndex(reflect.ValueOf(p.key.Value).Convert(t.Key()), entry)
	}
}

// list replaces a slice, and fills an array of the same length.
func (d *decoder) list(key string, node *yaml.Node, v reflect.Value) {
	if node.Kind != yaml.SequenceNode {
		d.fault(key, node, " is %s, not a list", describe(node))
		return
	}
	n := len(node.Content)
	if v.Kind() == reflect.Array && v.Len() != n {
		d.fault(key, node, " is a list of %d, not of %d", n, v.Len())
		return
	}
	if v.Kind() == reflect.Slice {
		v.Set(reflect.MakeSlice(v.Type(), n, n))
	}
	for i, item := range node.Content {
		d.value(fmt.Sprintf("%s[%d]", key, i), item, v.Index(i))
	}
}

// A pair is a key and its value in a mapping.
type pair struct{ key, value *yaml.Node }

// pairs returns the pairs of a mapping, those merged in by "<<" last. Faulty
// ones are noted and left out.
func (d *decoder) pairs(key string, node *yaml.Node) []pair {
	if node.Kind != yaml.MappingNode {
		d.fault(key, node, " is %s, not keys with values", describe(node))
		return nil
	}
	pairs := make([]pair, 0, len(node.Content)/2)
	first := map[string]int{} // lines
	var merged []pair
	for i := 0; i+1 < len(node.Content); i += 2 {
		p := pair{node.Content[i], node.Content[i+1]}
		if p.key.Kind == yaml.AliasNode {
			p.key = p.key.Alias
		}
		switch line, twice := first[p.key.Value]; {
		case p.key.Kind != yaml.ScalarNode:
			d.fault(key, p.key, ": %s cannot be a key", describe(p.key))
		case p.key.ShortTag() == "!!merge":
			merged = append(merged, d.merged(key, p.value)...)
		case twice:
			d.fault(join(key, p.key.Value), p.key, " stands twice, first in line %d", line)
		default:
			first[p.key.Value] = p.key.Line
			pairs = append(pairs, p)
		}
	}
	for _, p := range merged {
		if _, own := first[p.key.Value]; !own {
			first[p.key.Value] = p.key.Line
			pairs = append(pairs, p)
		}
	}
	return pairs
}

// merged returns the pairs that the value of a key "<<" stands for: a mapping
// or several, of which the first counts.
func (d *decoder) merged(key string, node *yaml.Node) []pair {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node.Kind != yaml.SequenceNode {
		return d.pairs(key, node)
	}
	var pairs []pair
	for _, item := range node.Content {
		if item.Kind == yaml.AliasNode {
			item = item.Alias
		}
		pairs = append(pairs, d.pairs(key, item)...)
	}
	return pairs
}
